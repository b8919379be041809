/**
 * Routes of previews: the token that the CMS puts into an address becomes a cookie, and the address a clean one.
 *
 * From then on the token is sent to the API alone, in a header, and is in no history, log or `Referer`.
 */

import type { NextRequest } from "next/server";

import { credentialAt, forgotten, isShare, pathOf, PUBLISHED, remembered, switched } from "./credentials";
import { localPath, PRIVATE } from "./policy";
import { drawn } from "./self";

/** What the routes need to know of the CMS. */
export interface Cms {
  /** Its address, such as `https://cms.example.org`: it may show previews in a frame. */
  cms: string;
  /** Reads the draft that a token shows; the client's `preview`. */
  preview: (token: string) => Promise<{ kind: "page"; page: { meta: { html_url: string | null } } } | { kind: "ended" }>;
}

type Route = (request: NextRequest) => Promise<Response>;

/** Make the route at `/preview`, which exchanges a token for a cookie. */
export function previewRoute({ cms, preview }: Cms): Route {
  return async (request) => {
    const from = request.nextUrl.searchParams.get("from");
    // A draft whose slug has changed since is opened at its new path, with the token that was made for it.
    const token = request.nextUrl.searchParams.get("token") ?? (from && credentialAt(request.cookies, from)?.token);
    if (!token) return said(request, "incomplete", 400);
    const outcome = await preview(token);
    if (outcome.kind === "ended") return said(request, isShare(token) ? "share" : "preview", 410);
    const path = pathOf(outcome.page);
    return redirect(path, remembered(request, request.cookies, cms, path, token));
  };
}

/** Make the route at `/preview/leave`, which makes somebody a reader again. */
export function leaveRoute({ cms }: Pick<Cms, "cms">): Route {
  return (request) => Promise.resolve(redirect(place(request), forgotten(request, request.cookies, cms)));
}

/** Make the route at `/preview/ended`, which forgets what shows nothing any more, and says what to do. */
export function endedRoute({ cms }: Pick<Cms, "cms">): Route {
  return async (request) => {
    const held = credentialAt(request.cookies, place(request));
    const response = await said(request, held?.isShare ? "share" : "preview", 410);
    for (const cookie of forgotten(request, request.cookies, cms)) response.headers.append("Set-Cookie", cookie);
    return response;
  };
}

/** Make the route at `/preview/show`, which shows what is published (`as=published`), or drafts again. */
export function switchRoute({ cms }: Pick<Cms, "cms">): Route {
  return (request) => {
    const published = request.nextUrl.searchParams.get("as") === PUBLISHED;
    return Promise.resolve(redirect(place(request), [switched(request, cms, published)]));
  };
}

const said = (request: NextRequest, why: "incomplete" | "preview" | "share", status: number): Promise<Response> =>
  drawn(`/-/ended/${why}/`, status, PRIVATE, request.headers.get("content-security-policy"));

const place = (request: NextRequest): string => localPath(request.nextUrl.searchParams.get("path") ?? "/");

function redirect(path: string, cookies: string[]): Response {
  const headers = new Headers({ ...PRIVATE, Location: path });
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return new Response(null, { status: 303, headers });
}
