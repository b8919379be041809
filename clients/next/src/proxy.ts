/**
 * What stands in front of all pages: it finds out what is at an address, and which tree of pages draws it.
 *
 * Readers get pages that are kept whole; what depends on the query is drawn each time, below `/-/asked`; who holds a
 * credential gets drafts, below `/-/draft`, and compares them below `/-/compare` and `/-/side`; what is not there is drawn below `/-/missing`, and comes with its status.
 */

import { randomUUID } from "node:crypto";

import { type NextRequest, NextResponse } from "next/server";

import { credentialAt, pathOf, PUBLISHED, readable } from "./credentials";
import { isPassedOn, prefersMarkdown } from "./passing-on";
import { localPath, ofDraft, ofPage, VARY } from "./policy";
import { drawn, KNOCK, knock } from "./self";

type Outcome<Page> =
  | { kind: "page"; page: Page }
  | { kind: "moved"; url: string; status: 301 | 302 }
  | { kind: "gone" }
  | { kind: "missing" };

/** What the proxy needs to know. */
export interface Website<Page> {
  /** The CMS's address, such as `https://cms.example.org`. */
  cms: string;
  /** Finds what is at a path, without a credential: `find.plain` of what `cached` made. */
  find: (path: string) => Promise<Outcome<Page>>;
  /** Whether the website itself has something at a path, such as its search. */
  draws?: (path: string) => Promise<boolean>;
  /** Gives what the API makes for the website: sitemaps, `robots.txt`, feeds, and pages as Markdown; by `passOn`. */
  passesOn?: (request: Request) => Promise<Response>;
  /** Where a page leads instead of being shown. */
  leadsTo?: (page: Page) => string | null;
}

// These are routes, and no pages.
const ROUTES = /^\/(?:purge|search\/suggestions)(?:\/|$)/;

/** Make the proxy of a website. */
export function cmsProxy<Page extends { meta: { html_url: string | null } }>(
  website: Website<Page>,
): (request: NextRequest) => Promise<Response> {
  return async (request) => {
    const path = new URL(request.url).pathname;
    const headers = ofPage(website.cms);
    if (path.startsWith("/-/")) {
      return request.headers.get(KNOCK) === knock ? NextResponse.next() : drawn("/-/missing/", 404, headers);
    }
    if (/^\/preview(?:\/|$)/.test(path)) return preview(request, website.cms);
    if (ROUTES.test(path)) return NextResponse.next();
    try {
      if (website.passesOn && isPassedOn(path)) {
        const text = await website.passesOn(request);
        if (text.status !== 404) return text;
      }
      if (credentialAt(request.cookies, path)) return draft(request, website.cms);
      return await shown(request, website, readable(tidy(path)), headers);
    } catch (error) {
      console.error("The API is unavailable:", error);
      return drawn("/-/unavailable/", 503, { ...headers, "Cache-Control": "no-store", "Retry-After": "30" });
    }
  };
}

/** Return a path with single slashes, one at each end. */
export const tidy = (path: string): string => `/${path}/`.replace(/\/+/g, "/");

async function shown<Page extends { meta: { html_url: string | null } }>(
  request: NextRequest,
  { find, draws, passesOn, leadsTo }: Website<Page>,
  path: string,
  headers: Record<string, string>,
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  if (await draws?.(path)) {
    return path === readable(pathname) ? asked(request, headers) : moved(request, `${tidy(pathname)}${search}`, 301);
  }
  let outcome = await find(path);
  if (outcome.kind === "page") {
    const elsewhere = leadsTo?.(outcome.page);
    if (elsewhere) return moved(request, elsewhere, 302);
    const own = pathOf(outcome.page);
    if (readable(own) !== readable(pathname)) return moved(request, `${own}${search}`, 301);
    if (passesOn && prefersMarkdown(request)) return alsoPage(await passesOn(request));
    return search ? asked(request, headers) : NextResponse.next({ headers });
  }
  // Only a redirect may depend on the query.
  if (search) outcome = await find(`${path}${search}`);
  if (outcome.kind === "moved") return moved(request, outcome.url, outcome.status);
  return drawn(`/-/missing${tidy(pathname)}`, outcome.kind === "gone" ? 410 : 404, headers);
}

/** Say of Markdown that it is at the address of a page, which others get as HTML. */
function alsoPage(markdown: Response): Response {
  markdown.headers.set("Vary", VARY);
  return markdown;
}

function moved(request: NextRequest, url: string, status: 301 | 302): Response {
  const to = new URL(url, request.url);
  // `//host` and `/\host` are addresses of another website.
  if (url.startsWith("/") && to.origin !== new URL(request.url).origin) to.href = new URL("/", request.url).href;
  // An editor may lead it elsewhere tomorrow, so that browsers ask each time.
  return NextResponse.redirect(to, { status, headers: { "Cache-Control": "no-cache" } });
}

const asked = (request: NextRequest, headers: Record<string, string>): Response =>
  NextResponse.rewrite(inTree(request, "asked"), { headers });

/** Return the headers of a draft, and those of the request, in which Next.js finds the nonce for its scripts. */
function withNonce(request: NextRequest, cms: string): { headers: Record<string, string>; request: { headers: Headers } } {
  const headers = ofDraft(cms, randomUUID());
  const sent = new Headers(request.headers);
  sent.set("content-security-policy", headers["Content-Security-Policy"] ?? "");
  return { headers, request: { headers: sent } };
}

function preview(request: NextRequest, cms: string): Response {
  const { pathname, searchParams } = request.nextUrl;
  const path = localPath(searchParams.get("path") ?? "/");
  const shown = withNonce(request, cms);
  if (/^\/preview\/compare\/?$/.test(pathname)) return NextResponse.rewrite(inTree(request, "compare", path), shown);
  if (!/^\/preview\/side\/?$/.test(pathname)) return NextResponse.next(shown);
  const side = searchParams.get("as") === PUBLISHED ? PUBLISHED : "draft";
  return NextResponse.rewrite(inTree(request, `side/${side}`, path), shown);
}

const draft = (request: NextRequest, cms: string): Response =>
  NextResponse.rewrite(inTree(request, "draft"), withNonce(request, cms));

function inTree(request: NextRequest, tree: string, path?: string): URL {
  const url = request.nextUrl.clone();
  url.pathname = `/-/${tree}${tidy(path ?? url.pathname)}`;
  if (path !== undefined) url.search = "";
  return url;
}
