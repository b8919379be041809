/** What a running service with the demo site answers; `API_URL` says where it is, and `TOKEN` shows a draft of `DRAFT_PATH`. */
import { expect, test, vi } from "vitest";

import { createClient, type Page } from "../../src/index.js";
import type { Asked } from "../../src/fields.js";

function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

// While the service makes renditions of images, two answers may differ in them.
const SETTLED = { timeout: 60_000, interval: 500 };

const cms = createClient({ url: given("API_URL"), tagLimit: 128 });

test("pages are found, and addresses lead on", async () => {
  const found = await cms.find("/programmes/identifying-victims-online/?utm_source=x");
  expect(found).toMatchObject({ kind: "page", page: { type: "programmes.ProgrammePage" } });
  // An answer that was made while something changed has no tags.
  const tags = async (): Promise<number> => ((outcome) => ("tags" in outcome ? outcome.tags.length : 0))(await cms.find("/about/"));
  await expect.poll(tags, { timeout: 10_000 }).toBeGreaterThan(1);
  expect(await cms.find("/old/?a=1")).toMatchObject({ kind: "moved", url: "/about/?a=1", external: false, status: 301 });
  expect(await cms.find("/ended/")).toMatchObject({ kind: "gone" });
  const missing = await cms.find("/nothing/");
  expect(missing).toMatchObject({ kind: "missing" });
  // Asked with its ETag, it is the same.
  expect(await cms.find("/nothing/")).toEqual(missing);
  await expect(cms.find("/", { site: "nowhere.example" })).rejects.toMatchObject({ status: 404 });
});

test("fields are those that were asked for", async () => {
  const { items } = await cms.list("programmes", {
    limit: 3,
    fields: { title: true, partners: { name: true, logo: { src: true } }, related_insights: { body: true, meta: { slug: true } } },
  });
  expect(items).toHaveLength(3);
  for (const { title, partners, related_insights: insights } of items) {
    expect(title).toBeTypeOf("string");
    for (const { name, logo } of partners) expect([name, logo?.src ?? ""]).toEqual([expect.any(String), expect.any(String)]);
    for (const { body, meta } of insights) expect([body, meta.slug]).toEqual([expect.any(Array), expect.any(String)]);
  }
  const whole = await cms.list("pages", { type: ["insights.InsightPage"], view: "detail", fields: { kind: true, meta: { seo: true } } });
  expect(whole.items[0]).toEqual({ kind: expect.stringMatching(/article|external/), meta: { seo: expect.any(Object) } });
  const hits = await cms.list("search", { q: "interpol", fields: { title: true } });
  expect(hits.items[0]).toEqual({ title: expect.any(String), highlight: expect.any(Object) });
});

test("what a listing's item names is shorter than what a whole page names", async () => {
  const shorter = await cms.list("programmes", { fields: { related_insights: true } });
  const longer = await cms.list("programmes", { view: "detail", fields: { related_insights: true } });
  const of = <T>(items: { related_insights: T[] }[]): T | undefined => items.flatMap((item) => item.related_insights)[0];
  expect(Object.keys(of(shorter.items) ?? {})).toEqual(["id", "title", "type", "meta"]);
  expect(of(longer.items)?.summary).toBeTypeOf("string");
});

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What is left of a value when these fields of it are asked for; `type` stands in two places, and is given in both. */
function part(value: Json | undefined, asked: Asked | true): Json {
  if (asked === true || typeof value !== "object" || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map((element) => part(element, asked));
  const { meta, ...names } = asked;
  const isTyped = "meta" in value && ("type" in names || (typeof meta === "object" && "type" in meta));
  const all: Asked = isTyped ? { ...names, type: true, meta: { ...(meta as Asked), type: true } } : asked;
  return Object.fromEntries(Object.entries(all).map(([name, inner]) => [name, part(value[name], inner ?? true)]));
}

/** Selections of a page in which every field has its turn, and every field of what it names. */
function selections(page: { [name: string]: Json }): Asked[] {
  const asked: Asked[] = [{}, {}, {}];
  const turns = Object.entries(page).flatMap(([name, value]) => {
    const nested = Array.isArray(value) ? value[0] : value;
    const isObject = name === "meta" || (typeof nested === "object" && nested !== null && "meta" in nested);
    const parts = isObject ? Object.keys(nested as object).filter((key) => key !== "meta") : [];
    return [...(name === "meta" ? [] : [{ [name]: true as const }]), ...parts.map((key) => ({ [name]: { [key]: true as const } }))];
  });
  for (const [turn, one] of turns.entries()) {
    const [[name, inner] = ["", true]] = Object.entries(one);
    const before = asked[turn % 3] ?? {};
    const known = before[name];
    asked[turn % 3] = { ...before, [name]: inner === true ? (known ?? true) : { ...(known === true ? {} : known), ...inner } };
  }
  return asked;
}

test("every field can be asked for, and comes as it is in the whole page", async () => {
  const types = new Map<string, Page>();
  for await (const page of cms.all("pages", { view: "detail", locale: "en-gb" })) types.set(page.type, page);
  expect(types.size).toBeGreaterThan(4);
  for (const page of types.values()) {
    const path = new URL(page.meta.html_url).pathname;
    await vi.waitFor(async () => {
      const whole = await cms.find(path);
      const fields = whole.kind === "page" ? (whole.page as object as { [name: string]: Json }) : {};
      await Promise.all(
        selections(fields).map(async (asked) => {
          // The compiler knows fields that are written down.
          const found = await cms.find(path, { fields: asked } as object);
          expect([asked, found.kind === "page" && found.page]).toEqual([asked, part(fields, asked)]);
        }),
      );
    }, SETTLED);
  }
});

test("a listing is read to its end", async () => {
  const pages: Page[] = [];
  for await (const page of cms.all("pages", { view: "detail", limit: 7 })) pages.push(page);
  const { meta } = await cms.list("pages", { limit: 0 });
  expect(new Set(pages.map(({ id }) => id)).size).toBe(pages.length);
  expect(pages).toHaveLength(meta.total_count);
  await vi.waitFor(async () => {
    const { items } = await cms.list("pages", { view: "detail", limit: 7 });
    const whole = await cms.find(new URL(items[5]?.meta.html_url ?? "").pathname);
    expect(whole).toMatchObject({ kind: "page", page: items[5] });
  }, SETTLED);
});

test("the same is asked for with an ETag, which costs no body", async () => {
  const statuses: number[] = [];
  const counting = createClient({
    url: given("API_URL"),
    fetch: async (request) => {
      const response = await fetch(request);
      statuses.push(response.status);
      return response;
    },
  });
  const first = await counting.site();
  expect(await counting.site()).toEqual(first);
  expect(statuses).toEqual([200, 304]);
  expect(first.tags).toContain(first.site.meta.tag_of_everything);
});

test("a token shows a draft, and another none", async () => {
  const token = given("TOKEN");
  expect(await cms.preview(token)).toMatchObject({ kind: "page", page: { title: "A draft", meta: { draft: { is_draft: true } } } });
  expect(await cms.find(given("DRAFT_PATH"), { token, fields: { title: true } })).toMatchObject({ page: { title: "A draft" } });
  expect(await cms.find(given("DRAFT_PATH"))).not.toMatchObject({ page: { title: "A draft" } });
  expect(await cms.preview(`${token}x`)).toMatchObject({ kind: "ended", status: 401 });
});

test("changes are heard of", async () => {
  const begin = await cms.changes();
  if (begin.kind !== "changes") throw new Error("There is a beginning.");
  let after = begin.cursor;
  // Renditions are still being made, which are changes, too.
  const next = async () => {
    const heard = await cms.changes({ after });
    if (heard.kind === "changes") after = heard.cursor;
    return heard;
  };
  await expect.poll(next, SETTLED).toEqual({ ...begin, cursor: expect.any(String), more: false });
  await expect(cms.changes({ after: "nonsense" })).rejects.toMatchObject({ status: 400 });
});

const snippets = import.meta.glob<object>("../../snippets/*.ts");

test.each(Object.keys(snippets))("%s of the README runs", async (name) => {
  await snippets[name]?.().catch((error) => {
    // One of them follows changes until its time is over.
    if (error?.name !== "TimeoutError") throw error;
  });
});

test("there are snippets", () => {
  expect(Object.keys(snippets).length).toBeGreaterThan(4);
});
