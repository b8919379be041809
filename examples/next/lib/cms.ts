/** What this website reads: the same for readers, from answers that are kept, and for who holds a credential, never kept. */

import { ApiError, createClient, type Page, type Schema } from "@headless-cms/client";
import { cached, editable } from "@headless-cms/next";

export const CMS_URL = process.env.CMS_URL ?? "http://localhost:8000";
export const API_URL = process.env.API_URL ?? `${CMS_URL}/api/v2/`;
export const SITE = process.env.SITE;

export type Words = Schema<"Words">;
export type Programme = Schema<"ProgrammePageTeaser">;
export type Insight = Schema<"InsightPageTeaser">;

/** What a listing is asked for. */
export type Programmes = { limit: number; offset: number; locale: string; status?: Status; theme?: string[] };
export type Insights = { limit: number; offset: number; locale: string; kind?: Kind; theme?: string[]; programme?: string[] };
export type Search = { limit: number; offset: number; locale: string; q: string; type?: Page["type"][] };
export type Status = "upcoming" | "active" | "completed";
export type Kind = "article" | "external";

// Next.js keeps 128 tags with an answer. What editors see knows where it is edited.
export const cms = editable(createClient({ url: API_URL, tagLimit: 128, ...(SITE ? { site: SITE } : {}) }));

/** Reads of whoever holds a token, or of nobody. */
function reads(token?: string) {
  const own: { token?: string } = token ? { token } : {};
  return {
    site: (locale: string) => cms.site({ ...own, fallback: "default", ...(locale ? { locale } : {}) }),
    programmes: (query: Programmes) => cms.list("programmes", { ...own, ...query, facets: ["theme"] }),
    insights: (query: Insights) => cms.list("insights", { ...own, ...query, facets: ["theme"] }),
    search: (query: Search) => cms.list("search", { ...own, ...query }),
    pageWithId: (id: number) => cms.list("pages", { ...own, id, view: "detail", limit: 1 }),
    pageOf: (type: Page["type"], locale: string) => cms.list("pages", { ...own, type: [type], locale, limit: 1 }),
  };
}

/** What can be read, as readers and as editors do. */
export type Reading = ReturnType<typeof reads>;

const asReader = reads();
/** What is published; pages that use it are kept until it changes. */
export const published = {
  find: cached("find", (path: string) => cms.find(path)),
  site: cached("site", (locale: string) => asReader.site(locale)),
  programmes: cached("programmes", (query: Programmes) => asReader.programmes(query)),
  insights: cached("insights", (query: Insights) => asReader.insights(query)),
  search: cached("search", (query: Search) => asReader.search(query)),
  pageWithId: cached("pageWithId", (id: number) => asReader.pageWithId(id)),
  pageOf: cached("pageOf", (type: Page["type"], locale: string) => asReader.pageOf(type, locale)),
} satisfies Reading & { find: object };

/** What an editor's token shows: drafts, wherever there are some. */
export const drafts = (token: string) => ({ ...reads(token), find: (path: string) => cms.find(path, { token }) });

/** Return titles of pages that complete what somebody types; they are not kept, because nobody types the same again. */
export async function completions(q: string, locale: string): Promise<string[]> {
  const query = { q, ...(locale ? { locale } : {}), ...(SITE ? { site: SITE } : {}) };
  const { data } = await cms.api.GET("/autocomplete", { params: { query } }).catch(() => ({ data: undefined }));
  return data?.items.map(({ title }) => title) ?? [];
}

/** Tell whether a read failed because of what was asked, as a value that somebody typed into an address. */
export const isRefused = (error: unknown): boolean => error instanceof ApiError && error.status === 400;

export type { Page };
