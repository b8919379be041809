/** What a website shows at an address: what is published, kept until it is purged, or a draft to whoever holds a token for it. */

import { type Answer, read } from "./kept";
import { type Held, heldAt, pathOf, PRIVATE, readDraft } from "./previews";

export interface Shown {
  status: number;
  headers: Record<string, string>;
  /** Where the address leads instead of showing anything. */
  location: string | null;
  /** The page, or null where there is none; a draft has `meta.draft`. */
  page: Answer["data"];
}

// Nobody frames what readers see. No cache between here and them hears of a change, so that each asks whether what it has holds.
const PUBLIC = {
  "Cache-Control": "public, max-age=0, must-revalidate",
  "Content-Security-Policy": "frame-ancestors 'none'",
  Vary: "Cookie",
};

/** Find out what is at an address for whoever sends these headers: a page, where it has moved, or how there is none. */
export async function shownAt(headers: Headers, path: string, query = ""): Promise<Shown> {
  const held = heldAt(headers, path);
  try {
    return held ? await draftAt(held, path) : await publishedAt(path, query);
  } catch (error) {
    console.error("The API is unavailable:", error);
    return { status: 503, headers: { "Cache-Control": "no-store", "Retry-After": "30" }, location: null, page: null };
  }
}

async function publishedAt(path: string, query: string): Promise<Shown> {
  let answer = await read(find(path));
  // Only a redirect may depend on the query.
  if (answer.status !== 200 && query) answer = await read(find(path, query));
  if (answer.status === 200 && readable(pathOf(answer.data)) !== readable(path)) {
    return moved(pathOf(answer.data) + query, 301, PUBLIC);
  }
  return shown(answer, PUBLIC);
}

async function draftAt({ token, isOwn }: Held, path: string): Promise<Shown> {
  const answer = await readDraft(token, isOwn ? "preview/" : find(path));
  if (answer.status === 401) return moved("/preview/leave?ended", 302, PRIVATE);
  // The editor has changed the slug since.
  if (isOwn && readable(pathOf(answer.data)) !== readable(path)) {
    return moved(`/preview?from=${encodeURIComponent(path)}`, 302, PRIVATE);
  }
  return shown(answer, PRIVATE);
}

function shown({ status, data }: Answer, headers: Record<string, string>): Shown {
  if (status >= 500) throw new Error(`The API answers ${status}.`);
  if (data.redirect) return moved(data.redirect.url, data.redirect.status, headers);
  const page = status === 200 ? data : null;
  // What the API refuses to look up is not there either.
  return { status: page || status === 410 ? status : 404, headers, location: null, page };
}

// An editor may lead it elsewhere tomorrow, so that browsers ask each time.
const moved = (location: string, status: number, headers: Record<string, string>): Shown => ({
  status,
  headers: headers === PRIVATE ? headers : { ...headers, "Cache-Control": "no-cache" },
  location,
  page: null,
});

const find = (path: string, query = ""): string =>
  `pages/find/?html_path=${encodeURIComponent(readable(path) + query)}`;

/** Return a path as people read it, `/café/` for `/caf%C3%A9/`; one that is no path stays as it is. */
function readable(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
