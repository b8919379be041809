/**
 * Routes of previews: the token that the CMS puts into an address becomes a cookie, and the address a clean one.
 *
 * From then on the token is sent to the API alone, in a header, and is in no history, log or `Referer`.
 */

import type { NextRequest } from "next/server";

import {
  type Credential,
  credentialAt,
  forgotten,
  isShare,
  pathOf,
  PUBLISHED,
  readable,
  remembered,
  switched,
} from "./credentials";
import { localPath, PRIVATE } from "./policy";
import { drawn } from "./self";

/** What the routes need to know of the CMS. */
export interface Cms {
  /** Its address, such as `https://cms.example.org`: it may show previews in a frame. */
  cms: string;
  /** Reads the draft that a token shows; the client's `preview`. */
  preview: (token: string) => Promise<{ kind: "page"; page: { meta: { html_url: string | null } } } | { kind: "ended" }>;
}

/** Finds the path of the same page among what is published, or among drafts: a draft may have another slug. */
type Counterpart = (path: string, held: Credential, published: boolean) => Promise<string | null>;

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

/** Make the route at `/preview/leave`, which makes somebody a reader again, of the same page. */
export function leaveRoute({ cms, counterpart }: Pick<Cms, "cms"> & { counterpart: Counterpart }): Route {
  return async (request) => {
    const path = place(request);
    const held = credentialAt(request.cookies, readable(path));
    const there = held && !held.showsPublished ? await counterpart(readable(path), held, true) : null;
    return redirect(there ?? path, forgotten(request, request.cookies, cms));
  };
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

/** Make the route at `/preview/show`, which shows what is published of a page (`as=published`), or drafts again. */
export function switchRoute({ cms, counterpart }: Pick<Cms, "cms"> & { counterpart: Counterpart }): Route {
  return async (request) => {
    const published = request.nextUrl.searchParams.get("as") === PUBLISHED;
    const path = place(request);
    const held = credentialAt(request.cookies, readable(path));
    // A link to a shared draft shows both at the draft's path, and all else as it is for readers.
    const there = held && !held.isShare ? await counterpart(readable(path), held, published) : null;
    return redirect(there ?? path, [switched(request, cms, published)]);
  };
}

const said = (request: NextRequest, why: "incomplete" | "preview" | "share", status: number): Promise<Response> =>
  drawn(`/-/ended/${why}/`, status, PRIVATE, request.headers.get("content-security-policy"));

const place = (request: NextRequest): string => localPath(request.nextUrl.searchParams.get("path") ?? "/");

function redirect(path: string, cookies: string[]): Response {
  // A header takes no other characters than an address does.
  const headers = new Headers({ ...PRIVATE, Location: new URL(path, "http://localhost").pathname });
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
  return new Response(null, { status: 303, headers });
}
