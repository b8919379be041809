import type { Site } from "@headless-cms/client";
import { markdownPath, metadataOf, pathOf, readable } from "@headless-cms/next";
import type { Metadata } from "next";
import type { ReactNode } from "react";

import { type Page, published, type Reading } from "@/lib/cms";
import { homeOf, isSearch, languageAt, siteAt } from "@/lib/languages";
import { found, insights, type Listing, placeOf, programmes, type Query } from "@/lib/listings";

import { Frame } from "./Frame";
import { Insights, Programmes } from "./lists";
import { Home, Insight, type Lists, Notice, Programme, Text } from "./pages";
import { SearchPage } from "./SearchPage";

/** What a tree of pages gets. */
export type Params = { params: Promise<{ path?: string[] }> };
export type Asked = Params & { searchParams: Promise<Query> };

/** Return the path that is asked for, as people read it. */
export async function pathIn({ params }: Params): Promise<string> {
  const { path = [] } = await params;
  return readable(path.length ? `/${path.join("/")}/` : "/");
}

/** What a page of the API is drawn from. */
export interface Drawing {
  site: Site;
  content: ReactNode;
  metadata: Metadata;
}

/** Draw a page of the API by its type; null where it has no such part of a list. */
export async function drawPage(reading: Reading, page: Page, query: Query): Promise<Drawing | null> {
  const { locale } = page.meta;
  const path = pathOf(page);
  const { site } = await reading.site(locale);
  const say = site.words;
  const drawn = (content: ReactNode, listing?: Listing<object>): Drawing => ({
    site,
    content,
    metadata: withForms(metadataOf(page, site.name, placeOf(listing, say)), site, reading === published ? page : null),
  });
  switch (page.type) {
    case "cms.HomePage":
      return drawn(<Home page={page} say={say} lists={await listsOf(reading, locale)} />);
    case "programmes.ProgrammePage":
      return drawn(<Programme page={page} say={say} lists={await listsOf(reading, locale)} />);
    case "insights.InsightPage":
      return drawn(<Insight page={page} say={say} lists={{}} />);
    case "programmes.ProgrammeIndexPage": {
      const listing = await programmes(reading, locale, query);
      return listing && drawn(<Programmes page={page} listing={listing} path={path} say={say} />, listing);
    }
    case "insights.InsightIndexPage": {
      const listing = await insights(reading, locale, query);
      return listing && drawn(<Insights page={page} listing={listing} path={path} say={say} />, listing);
    }
    default:
      return drawn(<Text page={page} say={say} />);
  }
}

/** Say where the site's news are as feeds, and a page that is published as Markdown. */
function withForms(metadata: Metadata, site: Site, page: Page | null): Metadata {
  const at = (path: string, title: string) => [{ url: new URL(path, site.root_url).href, title }];
  const feed = (kind: string) => at(`/feeds/insights.${kind}`, site.name);
  const types = {
    "application/atom+xml": feed("atom"),
    "application/rss+xml": feed("rss"),
    "application/feed+json": feed("json"),
    ...(page && { "text/markdown": at(markdownPath(pathOf(page)), page.title) }),
  };
  return { ...metadata, alternates: { ...metadata.alternates, types } };
}

/** Draw the search at a path, or null where there is none. */
export async function drawSearch(reading: Reading, path: string, query: Query): Promise<Drawing | null> {
  if (!(await isSearch(reading, path))) return null;
  const site = await siteAt(reading, path);
  const words = String(query.q ?? "").trim().slice(0, 200);
  const listing = words ? await found(reading, languageAt(site, path), query) : null;
  const title = [site.words.search, words].filter(Boolean).join(": ");
  return {
    site,
    content: <SearchPage words={words} listing={listing} path={path} say={site.words} />,
    metadata: { title: `${title} – ${site.name}`, robots: "noindex, follow" },
  };
}

/** Draw what is said where there is nothing, or nothing any more. */
export async function drawMissing(reading: Reading, path: string, kind: "gone" | "missing"): Promise<Drawing> {
  const site = await siteAt(reading, path);
  const say = site.words;
  const heading = kind === "gone" ? "Page removed" : say.not_found;
  const text = kind === "gone" ? "The page that was at this address is gone for good, and nothing takes its place." : say.not_found_text;
  const content = (
    <Notice heading={heading} text={text}>
      <p>
        <a className="button" href={homeOf(site, languageAt(site, path))}>
          {say.to_home}
        </a>
      </p>
    </Notice>
  );
  return { site, content, metadata: { title: `${heading} – ${site.name}`, robots: "noindex" } };
}

/** The frame of a website with what was drawn in it. */
export function Drawn({ drawing, path, page, banner }: { drawing: Drawing; path: string; page?: Page; banner?: ReactNode }) {
  const { site, content } = drawing;
  const language = page?.meta.locale ?? site.meta.locale;
  return (
    <Frame site={site} language={language} path={path} banner={banner} {...(page ? { page } : {})}>
      {content}
    </Frame>
  );
}

async function listsOf(reading: Reading, locale: string): Promise<Lists> {
  const [list, other] = await Promise.all([
    reading.pageOf("programmes.ProgrammeIndexPage", locale),
    reading.pageOf("insights.InsightIndexPage", locale),
  ]);
  const path = (page: { meta: { html_url: string } } | undefined) => page && pathOf(page);
  return { programmes: path(list.items[0]), insights: path(other.items[0]) };
}
