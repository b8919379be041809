/** Which language a path is in, and where its home page is. */

import type { Site } from "@headless-cms/client";
import { pathOf } from "@headless-cms/next";

import type { Page, Reading } from "./cms";

/** Return the path of the home page in a language; that of the site where it has none. */
export function homeOf(site: Site, language: string): string {
  const home = site.locales.find(({ code }) => code === language);
  return home ? pathOf({ meta: home }) : "/";
}

/** Return the code of the language that a path is in: that of the home page above it. */
export function languageAt(site: Site, path: string): string {
  const above = site.locales.filter(({ code }) => path.startsWith(homeOf(site, code)));
  const [longest] = above.sort((a, b) => homeOf(site, b.code).length - homeOf(site, a.code).length);
  return longest?.code ?? site.meta.locale;
}

/** Return what stands around a page, in its language, or in that of a path without a page. */
export async function siteAt(reading: Reading, path: string, page?: Page): Promise<Site> {
  if (page) return (await reading.site(page.meta.locale)).site;
  const { site } = await reading.site("");
  const language = languageAt(site, path);
  return language === site.meta.locale ? site : (await reading.site(language)).site;
}

/** Tell whether the search in one of the languages is at a path: `/search/`, `/fr/search/`. */
export async function isSearch(reading: Pick<Reading, "site">, path: string): Promise<boolean> {
  if (!path.endsWith("/search/")) return false;
  const { site } = await reading.site("");
  return site.locales.some(({ code }) => `${homeOf(site, code)}search/` === path);
}

/** Return the languages to choose from, each with where it leads: to the same page, or to the home page. */
export function choices(site: Site, page: Page | undefined): { code: string; name: string; url: string }[] {
  if (site.locales.length < 2) return [];
  const same = new Map(page?.meta.translations.map((one) => [one.locale, pathOf({ meta: one })]));
  return site.locales.map(({ code, name }) => ({ code, name, url: same.get(code) ?? homeOf(site, code) }));
}

/** Return a word of the site with its braces filled in; whatever else editors put into braces stays. */
export function filled(text: string, values: Record<string, string | number>): string {
  return Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, String(value)), text);
}
