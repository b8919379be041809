/** What differs between two forms of one page, in the words of the API. */

import type { Page } from "@headless-cms/client";

type Value = Value[] | { [name: string]: Value } | string | number | boolean | null | undefined;

// Of `meta`, what readers or search engines see.
const META = ["slug", "seo_title", "search_description", "show_in_menus"] as const;
// Wagtail's editor gives each paragraph one, without any change of the text.
const BLOCK_KEY = / data-block-key="[^"]*"/g;

/** Return the names of the fields that differ: `["summary", "body", "address"]`. */
export function differences(live: Page, draft: Page): string[] {
  const [before, after] = [live, draft].map((page) => shown({ ...page, id: null, meta: null } as Value) as Record<string, Value>);
  const fields = Object.keys(draft).filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
  const meta = META.filter((name) => live.meta[name] !== draft.meta[name]);
  return [...fields, ...meta].map((name) => (name === "slug" ? "address" : name.replaceAll("_", " ")));
}

/** Return a value without what nobody sees: ids of blocks, and which pictures of an image have been made yet. */
function shown(value: Value): Value {
  if (typeof value === "string") return value.replace(BLOCK_KEY, "");
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return value;
  let names = Object.keys(value);
  if ("sources" in value) names = ["id", "alt", "focal_point"].filter((name) => name in value);
  else if ("type" in value && "value" in value) names = names.filter((name) => name !== "id");
  return Object.fromEntries(names.map((name) => [name, shown(value[name])]));
}
