/**
 * What a browser remembers of previews: the tokens that the CMS put into addresses, in cookies that no script reads.
 *
 * Each page that was opened by a token has a cookie of its own, so that several drafts can be open at once. An editor's
 * last token is remembered for all other pages as well: it shows the draft site.
 */

import { createHash } from "node:crypto";

/** All cookies here begin like this. */
export const PREFIX = "preview";
export const SHOWS = `${PREFIX}-shows`;
export const PUBLISHED = "published";
// A preview's token works for an hour, unless the CMS is told otherwise. A share's lasts for days, in which the link can be
// opened again: the browser forgets it when it is closed.
const PREVIEW_SECONDS = 3600;
// Each is sent with each request.
const MOST_PAGES = 10;

/** Cookies as Next.js has them, of a request or by `await cookies()`. */
interface Cookies {
  get(name: string): { value: string } | undefined;
  getAll(): { name: string }[];
}

/** The credential that a visitor holds at a path. */
export interface Credential {
  token: string;
  /** Whether it was made for the page at this path. */
  isOwn: boolean;
  /** Whether it is for somebody without an account. */
  isShare: boolean;
  /** Whether the visitor has switched to what is published. */
  showsPublished: boolean;
}

/** Tell whether a token is that of a link to a shared draft. */
export const isShare = (token: string): boolean => token.startsWith("share_");

/** Return the path at which this website shows a page of the API. */
export const pathOf = (page: { meta: { html_url: string | null } }): string =>
  page.meta.html_url ? new URL(page.meta.html_url).pathname : "/";

/** Return the credential for a path, or null for a reader. */
export function credentialAt(cookies: Cookies, path: string): Credential | null {
  const own = cookies.get(nameOf(path))?.value;
  const token = own ?? cookies.get(PREFIX)?.value;
  if (!token) return null;
  const showsPublished = cookies.get(SHOWS)?.value === PUBLISHED;
  return { token, isOwn: own !== undefined, isShare: isShare(token), showsPublished };
}

function nameOf(path: string): string {
  return `${PREFIX}-${createHash("sha256").update(readable(path)).digest("hex").slice(0, 8)}`;
}

/** Return a path as people read it, `/café/` for `/caf%C3%A9/`; one that is no path stays as it is. */
export function readable(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** Return the cookies that remember the token of the draft at a path, and show drafts from now on. */
export function remembered(request: Request, cookies: Cookies, cms: string, path: string, token: string): string[] {
  const share = isShare(token);
  const names = share ? [nameOf(path)] : [nameOf(path), PREFIX];
  const age = share ? null : PREVIEW_SECONDS;
  const others = held(cookies).filter((name) => name !== PREFIX && name !== SHOWS && !names.includes(name));
  // Browsers send first what they have longest.
  const dropped = [...others.slice(0, Math.max(0, others.length - MOST_PAGES + 1)), SHOWS];
  return [
    ...names.map((name) => cookie(request, cms, name, token, age)),
    ...dropped.map((name) => cookie(request, cms, name, "", 0)),
  ];
}

/** Return the cookies that make somebody a reader again. */
export const forgotten = (request: Request, cookies: Cookies, cms: string): string[] =>
  held(cookies).map((name) => cookie(request, cms, name, "", 0));

/** Return the cookie that shows what is published, or drafts again. */
export const switched = (request: Request, cms: string, published: boolean): string =>
  cookie(request, cms, SHOWS, published ? PUBLISHED : "", published ? null : 0);

function held(cookies: Cookies): string[] {
  const names = cookies.getAll().map(({ name }) => name);
  return names.filter((name) => name === PREFIX || name.startsWith(`${PREFIX}-`));
}

function cookie(request: Request, cms: string, name: string, value: string, seconds: number | null): string {
  const age = seconds === null ? [] : [`Max-Age=${seconds}`];
  return [`${name}=${encodeURIComponent(value)}`, ...age, "Path=/", "HttpOnly", ...attributes(request, cms)].join("; ");
}

/**
 * Return what lets a cookie into the CMS's frame, and into nobody else's.
 *
 * It goes into a frame of another site if it is `SameSite=None`, which takes `Secure`, which takes HTTPS or this machine;
 * `Partitioned` keeps it apart from the one in a tab. Over plain HTTP between different sites there is no way: the frame
 * stays empty, and previews are opened in tabs.
 */
function attributes(request: Request, cms: string): string[] {
  const { protocol, hostname } = new URL(cms);
  const scheme = request.headers.get("x-forwarded-proto") ?? new URL(request.url).protocol.replace(":", "");
  const host = new URL(`${scheme}://${request.headers.get("host") ?? "localhost"}`).hostname;
  const secure = scheme === "https" ? ["Secure"] : [];
  const isThisMachine = host === "localhost" || host.endsWith(".localhost") || /^127\.|^\[::1\]$/.test(host);
  const isSameSite = `${scheme}:` === protocol && host === hostname;
  if (isSameSite || !(secure.length || isThisMachine)) return [...secure, "SameSite=Lax"];
  return ["Secure", "SameSite=None", "Partitioned"];
}
