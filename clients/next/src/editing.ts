/**
 * Where in the CMS each part of a preview is edited.
 *
 * An editor's answers have addresses for their parts: `{"/title": "https://…", "/body/0": "https://…"}`. They are
 * remembered here beside the objects that the answers are made of, which stay as they came: `edit` finds them when a part
 * is drawn. Readers and those with a link to a shared draft get no addresses, and nothing is written.
 */

import type { Client, Page, Site } from "@headless-cms/client";

/** What `<PreviewBar>` finds the parts of a page by; empty for readers. */
export interface Editable {
  "data-edit"?: string;
  "data-edit-name"?: string;
}

type Value = object | string | number | boolean | null | undefined;
type Part = { [name: string]: Value };

// Of each object: its own address under "", and those of its fields under their names.
const places = new WeakMap<object, Map<string, string>>();

/**
 * Return a client that remembers where what it has read is edited.
 *
 *     export const cms = editable(createClient({ url: API_URL }));
 */
export function editable<Described extends object>(client: Client<Described>): Client<Described> {
  const remembering = <Method extends (...asked: never[]) => Promise<object>>(read: Method): Method =>
    (async (...asked: Parameters<Method>) => remember(await read(...asked))) as Method;
  return {
    ...client,
    find: remembering(client.find),
    preview: remembering(client.preview),
    site: remembering(client.site),
    list: remembering(client.list),
  };
}

function remember<Answer extends { page?: Page; site?: Site; meta?: object }>(answer: Answer): Answer {
  const shown = (answer.page ?? answer.site ?? answer) as { meta?: { draft?: { edit?: Record<string, string> } } };
  for (const [pointer, address] of Object.entries(shown.meta?.draft?.edit ?? {})) {
    const steps = pointer.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    let around: Value;
    let found: Value = shown;
    for (const step of steps) [around, found] = [found, isPart(found) ? found[step] : undefined];
    if (isPart(found)) placesOf(found).set("", address);
    if (isPart(around)) placesOf(around).set(steps.at(-1) ?? "", address);
  }
  return answer;
}

const isPart = (value: Value): value is Part => typeof value === "object" && value !== null;

function placesOf(part: Part): Map<string, string> {
  const known = places.get(part) ?? new Map<string, string>();
  places.set(part, known);
  return known;
}

/**
 * Return the attributes by which a part, or one of its fields, can be edited where it is shown.
 *
 *     <h1 {...edit(page, "title")}>{page.title}</h1>
 */
export function edit<Thing extends object>(part: Thing, name: (keyof Thing & string) | "" = ""): Editable {
  const known = places.get(part);
  const address = known?.get(name);
  if (!known || !address || !/^(?:https?:\/\/|#)/.test(address)) return {};
  const kind = name.replaceAll("_", " ");
  // Of several on one page, who hears the links knows which this is.
  const label = kind && known.has("") ? `${kind}: ${nameOf(part as Part)}` : kind || nameOf(part as Part);
  return { "data-edit": address, "data-edit-name": label };
}

/** Return what an editor calls a part: the title of a page, or the kind of a block. */
function nameOf({ title, name, type, label }: Part): string {
  for (const named of [title, name]) if (typeof named === "string") return named;
  return String(type || label || "this").replaceAll("_", " ");
}
