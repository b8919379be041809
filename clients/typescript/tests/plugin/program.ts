// What a website writes whose service has content types of its own; types.ts is made of the description of that service.
import { createClient, type Page, type PageOf } from "@headless-cms/client";

import type { paths } from "./types.js";

const cms = createClient<paths>({ url: "https://cms.example.org/api/v2/" });

export function place(page: Page<paths>): string {
  return page.type === "events.EventPage" ? city(page) : page.title;
}

function city(event: PageOf<"events.EventPage", paths>): string {
  return `${event.city}, ${event.starts_on}`;
}

export async function cities(): Promise<string[]> {
  const { items } = await cms.list("events", { city: "Geneva", order: ["starts_on"], fields: { city: true } });
  // @ts-expect-error That was not asked for.
  items[0]?.starts_on;
  // @ts-expect-error Events have no such field.
  await cms.list("events", { fields: { period: true } });
  return items.map((event) => event.city);
}
