/** What the compiler knows of answers; each line is an expectation of its own. */
import { expect, test } from "vitest";

import type { Client, components, Page } from "../src/index.js";

type Schemas = components["schemas"];
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Plain<T> = T extends readonly (infer E)[] ? Plain<E>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
const is = <A, B>(_: Equal<Plain<A>, Plain<B>>): void => undefined;

/** Nothing here runs. */
export async function compiled(cms: Client): Promise<void> {
  const whole = await cms.find("/about/");
  if (whole.kind === "page") is<typeof whole.page, Page>(true);
  if (whole.kind === "moved") is<typeof whole.status, 301 | 302>(true);
  is<typeof whole.kind, "page" | "moved" | "gone" | "missing">(true);
  is<Awaited<ReturnType<typeof cms.site>>["site"], Schemas["Site"]>(true);
  const draft = await cms.find("/about/", { token: "preview_…" });
  is<typeof draft.kind, "page" | "moved" | "gone" | "missing" | "ended">(true);
  // @ts-expect-error There is no such parameter.
  await cms.find("/about/", { limit: 3 });
  // @ts-expect-error There is no such language parameter.
  await cms.find("/about/", { fallback: "other" });

  const some = await cms.find("/about/", { fields: { type: true, body: true, meta: { html_url: true } } });
  if (some.kind === "page" && some.page.type === "programmes.ProgrammePage") {
    is<typeof some.page, { type: "programmes.ProgrammePage"; body: Schemas["BodyBlock"][]; meta: { html_url: string } }>(true);
  }
  if (some.kind === "page" && some.page.type === "programmes.ProgrammeIndexPage") {
    is<typeof some.page, { type: "programmes.ProgrammeIndexPage"; meta: { html_url: string } }>(true);
  }
  // @ts-expect-error There is no such field.
  await cms.find("/about/", { fields: { titel: true } });
  // @ts-expect-error There is none below an image, either.
  await cms.find("/about/", { fields: { image: { source: true } } });
  // @ts-expect-error A text has no parts.
  await cms.find("/about/", { fields: { title: { length: true } } });
  // @ts-expect-error What is in `meta` is named one by one.
  await cms.find("/about/", { fields: { meta: true } });
  // @ts-expect-error A parent has no parts to choose.
  await cms.find("/about/", { fields: { meta: { parent: { title: true } } } });
  // @ts-expect-error And `meta` has no such field.
  await cms.find("/about/", { fields: { meta: { url: true } } });

  const { items, meta } = await cms.list("programmes", { status: "active", order: ["-start_year"], facets: ["theme"] });
  is<(typeof items)[number], Schemas["ProgrammePageTeaser"]>(true);
  is<typeof meta.total_count, number>(true);
  is<NonNullable<typeof meta.facets>, Schemas["ProgrammePageFacets"]>(true);
  // @ts-expect-error There is no such status.
  await cms.list("programmes", { status: "over" });
  // @ts-expect-error There is no such collection.
  await cms.list("programme");
  // @ts-expect-error A filter of insights.
  await cms.list("programmes", { kind: "article" });

  const full = await cms.list("programmes", { view: "detail" });
  is<(typeof full.items)[number], Schemas["ProgrammePage"]>(true);
  const themes = await cms.list("themes");
  is<(typeof themes.items)[number], Schemas["Theme"]>(true);
  const images = await cms.list("images", { fields: { src: true, meta: { tags: true } } });
  is<(typeof images.items)[number], { src: string; meta: { tags: string[] } }>(true);
  const insights = await cms.list("pages", { type: ["insights.InsightPage"], fields: { kind: true, themes: { name: true } } });
  is<(typeof insights.items)[number], { kind: "article" | "external"; themes: { name: string }[] }>(true);
  // @ts-expect-error Insights have no such year.
  await cms.list("pages", { type: ["insights.InsightPage"], fields: { start_year: true } });
  const hits = await cms.list("search", { q: "interpol", fields: { title: true } });
  is<(typeof hits.items)[number]["title"], string>(true);
  is<(typeof hits.items)[number]["highlight"], Schemas["Highlight"] | null>(true);
  // @ts-expect-error Nothing else was asked for.
  hits.items[0]?.type;

  const nested = await cms.list("programmes", {
    fields: { title: true, partners: { name: true, logo: { src: true } }, related_insights: { body: true, meta: { slug: true } } },
  });
  const [first] = nested.items;
  is<NonNullable<typeof first>["partners"], { name: string; logo: { src: string } | null }[]>(true);
  is<NonNullable<typeof first>["related_insights"][number]["meta"], { slug: string }>(true);
  const block = first?.related_insights[0]?.body[0];
  // Pages that a page names, which a listing's item names, are links.
  if (block?.type === "insights") is<(typeof block.value.insights)[number], Schemas["InsightPageLink"] | null>(true);
  const links = await cms.list("programmes", { fields: { related_insights: true } });
  is<(typeof links.items)[number], { related_insights: Schemas["InsightPageLink"][] }>(true);
  const teasers = await cms.list("programmes", { view: "detail", fields: { related_insights: true } });
  is<(typeof teasers.items)[number], { related_insights: Schemas["InsightPageTeaser"][] }>(true);

  for await (const insight of cms.all("insights", { fields: { title: true } })) is<typeof insight, { title: string }>(true);
  // @ts-expect-error Where it goes on is not for the caller to say.
  cms.all("insights", { cursor: "start" });
  // @ts-expect-error Results of a search have no cursor.
  cms.all("search", { q: "a" });
  for await (const heard of cms.follow()) {
    if (heard.kind === "changes") is<(typeof heard.changes)[number], Schemas["PublicChange"]>(true);
  }
  const { data } = await cms.api.GET("/autocomplete", { params: { query: { q: "inter" } } });
  is<typeof data, Schemas["Completions"] | undefined>(true);
  const shared = await cms.preview("share_…", { fields: { title: true } });
  if (shared.kind === "page") is<typeof shared.page.title, string>(true);
  if (shared.kind === "ended") is<typeof shared.status, number>(true);
}

test("the compiler has checked what is above", () => {
  expect(compiled).toBeTypeOf("function");
});
