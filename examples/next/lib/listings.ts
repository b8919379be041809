/** Filters and paging: what a reader asks of a listing, turned into what the API is asked, and back into links. */

import type { Page } from "@headless-cms/client";
import type { Place } from "@headless-cms/next";

import { type Insight, isRefused, type Kind, type Programme, type Reading, type Status, type Words } from "./cms";
import { filled } from "./languages";

/** What an address has behind its `?`. */
export type Query = Record<string, string | string[] | undefined>;

export interface Choice {
  value: string;
  label: string;
  count: number;
}

/** A part of a listing, with what it takes to draw it. */
export interface Listing<Item> {
  items: Item[];
  total: number;
  page: number;
  pages: number;
  /** The filters that are chosen. */
  chosen: Record<string, string>;
  themes: Choice[];
  previous: string | null;
  next: string | null;
}

const SIZE = { programmes: 6, insights: 9, search: 10 };

interface Answer<Item> {
  items: Item[];
  meta: { total_count: number; facets?: { theme?: Choice[] } };
}

type Part = { limit: number; offset: number };

/** Read a part of a listing; a filter that the API refuses is left out. Null where there is no such part. */
async function read<Item>(
  names: string[],
  size: number,
  query: Query,
  ask: (chosen: Record<string, string>, part: Part) => Promise<Answer<Item>>,
): Promise<Listing<Item> | null> {
  let chosen = Object.fromEntries(
    names.map((name) => [name, String(query[name] ?? "").trim().slice(0, 200)]).filter(([, value]) => value),
  ) as Record<string, string>;
  const page = /^[1-9]\d{0,3}$/.test(String(query.page ?? "1")) ? Number(query.page ?? 1) : 0;
  if (!page) return null;
  const part = { limit: size, offset: (page - 1) * size };
  const answer = await ask(chosen, part).catch((error: unknown) => {
    if (!isRefused(error)) throw error;
    chosen = chosen.q ? { q: chosen.q } : {};
    return ask(chosen, part);
  });
  const total = answer.meta.total_count;
  const pages = Math.max(1, Math.ceil(total / size));
  if (page > pages) return null;
  const themes = answer.meta.facets?.theme ?? [];
  const theme = chosen.theme;
  return {
    items: answer.items,
    total,
    page,
    pages,
    chosen,
    themes: theme && !themes.some(({ value }) => value === theme) ? [...themes, { value: theme, label: theme, count: 0 }] : themes,
    previous: page > 1 ? addressOf(chosen, page - 1) : null,
    next: page < pages ? addressOf(chosen, page + 1) : null,
  };
}

/** Read the programmes that a reader asks for. */
export const programmes = (reading: Reading, locale: string, query: Query): Promise<Listing<Programme> | null> =>
  read(["status", "theme"], SIZE.programmes, query, ({ status, theme }, part) =>
    reading.programmes({
      ...part,
      locale,
      ...(status ? { status: status as Status } : {}),
      ...(theme ? { theme: theme.split(",") } : {}),
    }),
  );

/** Read the insights that a reader asks for. */
export const insights = (reading: Reading, locale: string, query: Query): Promise<Listing<Insight> | null> =>
  read(["kind", "theme", "programme"], SIZE.insights, query, ({ kind, theme, programme }, part) =>
    reading.insights({
      ...part,
      locale,
      ...(kind ? { kind: kind as Kind } : {}),
      ...(theme ? { theme: theme.split(",") } : {}),
      ...(programme ? { programme: programme.split(",") } : {}),
    }),
  );

/** Read what a search finds. */
export const found = (reading: Reading, locale: string, query: Query) =>
  read(["q", "type"], SIZE.search, query, ({ q = "", type }, part) =>
    reading.search({ ...part, locale, q, ...(type ? { type: type.split(",") as Page["type"][] } : {}) }),
  );

/** Return the query of a part of a list, in its one form. */
export function addressOf(chosen: Record<string, string>, page: number): string {
  const query = new URLSearchParams({ ...chosen, ...(page > 1 ? { page: String(page) } : {}) });
  return query.size ? `?${query}` : ".";
}

/** Return what the head of a page says of the part of a list that it shows. */
export function placeOf(listing: Listing<object> | null | undefined, say: Words): Place | undefined {
  if (!listing) return undefined;
  const { chosen, page, pages } = listing;
  const query = addressOf(chosen, page).replace(/^[?.]/, "");
  const title = page > 1 ? filled(say.page_of, { page, pages }) : "";
  return query ? { title, query, isFiltered: Object.keys(chosen).length > 0 } : undefined;
}
