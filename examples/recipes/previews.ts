/**
 * Previews: the token that the CMS puts into an address becomes a cookie, and the address a clean one.
 *
 * From then on the token is sent to the API alone, in a header, and is in no history, log or `Referer`. The page that it was made
 * for has a cookie of its own; an editor's token is remembered for all other pages as well, and shows the drafts among them.
 */

import { createHash } from "node:crypto";

import { type Answer, API } from "./kept";

/** The CMS, which opens previews in a frame. */
export const CMS = new URL(process.env.CMS_URL ?? "http://localhost:8000").origin;

const EVERYWHERE = "preview";
// A preview's token works for an hour, unless the CMS is told otherwise. A share's lasts for days, in which the link can be
// opened again: the browser forgets it when it is closed.
const SECONDS = 3600;

/** A draft is for those who were given it: not for caches, search engines or the next site's logs, and in no frame but the CMS's. */
export const PRIVATE = {
  "Cache-Control": "private, no-store",
  "Content-Security-Policy": `frame-ancestors ${CMS}`,
  "Referrer-Policy": "no-referrer",
  "X-Robots-Tag": "noindex",
};

/** The token that a visitor holds at a path. */
export interface Held {
  token: string;
  /** Whether it was made for the page at this path. */
  isOwn: boolean;
}

/** What a token shows: the draft that it was made for, or what the API has at another address. It is never kept. */
export async function readDraft(token: string, address = "preview/"): Promise<Answer> {
  const response = await fetch(`${API}/${address}`, { headers: { Authorization: `Bearer ${token}` } });
  if (response.status >= 500) throw new Error(`The API answers ${response.status}.`);
  return { status: response.status, data: await response.json() };
}

/** Return the token that a visitor holds at a path, or null for a reader. */
export function heldAt(headers: Headers, path: string): Held | null {
  const cookies = cookiesIn(headers);
  const own = cookies.get(nameOf(path));
  const token = own ?? cookies.get(EVERYWHERE);
  return token ? { token, isOwn: own !== undefined } : null;
}

/** Answer `/preview?token=…`, which the CMS and its links to shared drafts open. */
export async function openPreview(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const from = searchParams.get("from");
  // A draft whose slug has changed since is opened at its new path, with the token that was made for it.
  const token = searchParams.get("token") ?? (from && heldAt(request.headers, from)?.token);
  if (!token) return said("This address is not whole. Open the preview from the CMS again.", 400);
  const { status, data } = await readDraft(token);
  if (status !== 200) return ended();
  const path = pathOf(data);
  const isShare = token.startsWith("share_");
  const response = redirect(path);
  for (const name of isShare ? [nameOf(path)] : [nameOf(path), EVERYWHERE]) {
    response.headers.append("Set-Cookie", cookie(request, name, token, isShare ? null : SECONDS));
  }
  return response;
}

/** Answer `/preview/leave`, which makes somebody a reader again, also where what they hold shows nothing any more (`?ended`). */
export function leavePreview(request: Request): Response {
  const response = new URL(request.url).searchParams.has("ended") ? ended() : redirect("/");
  for (const name of cookiesIn(request.headers).keys()) {
    if (name === EVERYWHERE || name.startsWith(`${EVERYWHERE}-`)) {
      response.headers.append("Set-Cookie", cookie(request, name, "", 0));
    }
  }
  return response;
}

/** Return the path at which the website shows a page. */
export const pathOf = (page: { meta: { html_url: string } }): string => new URL(page.meta.html_url).pathname;

const said = (text: string, status: number): Response => new Response(text, { status, headers: PRIVATE });

const ended = (): Response =>
  said("This preview has ended. Open it from the CMS again, or ask whoever sent you the link for a new one.", 410);

const redirect = (path: string): Response => new Response(null, { status: 303, headers: { ...PRIVATE, Location: path } });

const nameOf = (path: string): string =>
  `${EVERYWHERE}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;

function cookiesIn(headers: Headers): Map<string, string> {
  const pairs = (headers.get("cookie") ?? "").split("; ").map((one) => one.split("="));
  return new Map(pairs.map(([name = "", value = ""]) => [name, decodeURIComponent(value)]));
}

/**
 * Return a cookie that no script reads, and that goes into the CMS's frame.
 *
 * In a frame of another site that takes `SameSite=None`, which takes `Secure`, which takes HTTPS or this machine. Over plain
 * HTTP between different sites there is no way: the frame stays empty, and previews are opened in tabs.
 */
function cookie(request: Request, name: string, value: string, seconds: number | null): string {
  const scheme = request.headers.get("x-forwarded-proto") ?? new URL(request.url).protocol.replace(":", "");
  const { hostname } = new URL(`http://${request.headers.get("host") ?? "localhost"}`);
  const isSecure = scheme === "https" || hostname === "localhost" || hostname === "127.0.0.1";
  const isSameSite = scheme === "http" && hostname === new URL(CMS).hostname;
  return [
    `${name}=${encodeURIComponent(value)}`,
    ...(seconds === null ? [] : [`Max-Age=${seconds}`]),
    "Path=/; HttpOnly",
    isSecure && !isSameSite ? "Secure; SameSite=None; Partitioned" : "SameSite=Lax",
  ].join("; ");
}
