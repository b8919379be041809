/** What the head of a page says: the API says most of it, in `meta.seo`. */

import type { Page } from "@headless-cms/client";
import type { Metadata } from "next";

/** Where a part of a list stands, which is no page of the API. */
export interface Place {
  /** What is added to the title, such as "Page 2 of 3". */
  title: string;
  /** The query of its one address, such as `page=2`. */
  query: string;
  /** Whether it is filtered: search engines find what is in it by the list. */
  isFiltered: boolean;
}

/** Return the metadata of a page, for `generateMetadata`. */
export function metadataOf(page: Page, siteName: string, place?: Place): Metadata {
  const { seo, translations, x_default: fallback } = page.meta;
  const { open_graph: graph, article } = seo;
  const title = place?.title ? `${seo.title}: ${place.title}` : seo.title;
  const canonical = place?.query ? `${seo.canonical}?${place.query}` : seo.canonical;
  const languages = Object.fromEntries(translations.map(({ locale, html_url: url }) => [locale, url]));
  const image = graph.image;
  const shared = {
    title,
    url: canonical ?? undefined,
    siteName: graph.site_name,
    locale: graph.locale,
    description: graph.description ?? undefined,
    images: image ? [{ url: image.url, width: image.width, height: image.height, alt: image.alt }] : [],
  };
  return {
    title: siteName && siteName !== title ? `${title} – ${siteName}` : title,
    description: seo.description,
    robots: place?.isFiltered ? "noindex, follow" : seo.robots,
    alternates: {
      canonical,
      // A part of a list has no translation.
      languages: place?.query ? {} : { ...languages, ...(fallback ? { "x-default": fallback } : {}) },
    },
    openGraph: article
      ? {
          type: "article",
          publishedTime: article.published_time ?? undefined,
          modifiedTime: article.modified_time ?? undefined,
          ...shared,
        }
      : { type: "website", ...shared },
    twitter: { card: image ? "summary_large_image" : "summary" },
  };
}

/** Return the JSON-LD of a page, for a `<script type="application/ld+json">`: no title in it can end the element. */
export function jsonLd(page: Page): string {
  return JSON.stringify(page.meta.seo.json_ld).replace(/</g, "\\u003c");
}
