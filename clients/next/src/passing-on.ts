/** What the API makes for a website to pass on: sitemaps, robots.txt, feeds, llms.txt, and pages as Markdown. */

import { readable } from "./credentials";

const TEXTS = /^\/(?:feeds\/[a-z0-9-]+\.(?:atom|rss|json)|sitemap(?:-\d{1,9})?\.xml|robots\.txt|llms\.txt)$/;
const ENDING = ".md";
const MARKDOWN = "text/markdown";
const PAGES = [MARKDOWN, "text/html", "application/xhtml+xml"];

/** Tell whether the API makes what is at a path, unless it says that there is no such thing. */
export const isPassedOn = (path: string): boolean => TEXTS.test(path) || path.endsWith(ENDING);

/** Tell whether a request has Markdown before a page of HTML in its `Accept`. */
export function prefersMarkdown(request: Request): boolean {
  const liked = (request.headers.get("accept") ?? "").toLowerCase().split(",").flatMap((part) => {
    const [kind = "", ...parameters] = part.split(";").map((one) => one.trim());
    const weight = Number(parameters.find((one) => one.startsWith("q="))?.slice(2) ?? 1);
    return PAGES.includes(kind) && weight > 0 ? [{ kind, weight }] : [];
  });
  // Of those that are liked alike, the first.
  return liked.sort((one, other) => other.weight - one.weight)[0]?.kind === MARKDOWN;
}

/** Return the path at which a page is Markdown: `/programmes/a-slug.md`, and `/index.md` for the home page. */
export const markdownPath = (path: string): string => `${path.replace(/\/+$/, "") || "/index"}${ENDING}`;

/**
 * Make what the proxy passes such texts on by; they are public, and have no language but their own. What is none of them is
 * a page, which comes as Markdown.
 *
 *     passesOn: passOn({ api: "https://cms.example.org/api/v2/", site: "www.example.org" })
 */
export function passOn({ api, site }: { api: string; site?: string | undefined }): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const query = new URLSearchParams(site ? { site } : {});
    const locale = searchParams.get("locale");
    const headers = new Headers();
    let path = pathname;
    if (!TEXTS.test(pathname)) {
      path = "/pages/find/";
      query.set("html_path", pageAt(readable(pathname)));
      headers.set("Accept", MARKDOWN);
    } else if (locale) {
      query.set("locale", locale);
    }
    const known = request.headers.get("if-none-match");
    if (known) headers.set("If-None-Match", known);
    const answer = await fetch(`${api.replace(/\/+$/, "")}${path}?${query}`, { cache: "no-store", headers });
    return passedOn(answer);
  };
}

/** Return the path of the page that is Markdown at a path: at its own, or with the ending. */
const pageAt = (path: string): string =>
  path.endsWith(ENDING) ? `${path.slice(0, -ENDING.length).replace(/\/index$/, "")}/` : path;

async function passedOn(answer: Response): Promise<Response> {
  const headers = new Headers({ "Cache-Control": "public, max-age=0, must-revalidate" });
  const etag = answer.headers.get("etag");
  if (etag) headers.set("ETag", etag);
  if (answer.status === 304) return new Response(null, { status: 304, headers });
  if (!answer.ok) return new Response(null, { status: answer.status < 500 ? 404 : 503 });
  headers.set("Content-Type", answer.headers.get("content-type") ?? "text/plain; charset=utf-8");
  headers.set("X-Content-Type-Options", "nosniff");
  return new Response(await answer.text(), { headers });
}
