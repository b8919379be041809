// What a frontend in TypeScript does: it reads a programme, and narrows pages and blocks by `type`.
import type { components, paths } from "./types.js";

type Schemas = components["schemas"];
type Page = Schemas["Page"];
type Block = Schemas["BodyBlock"];
type Found = paths["/api/v2/pages/find"]["get"]["responses"][200]["content"]["application/json"];
type Query = NonNullable<paths["/api/v2/programmes"]["get"]["parameters"]["query"]>;

const API = "https://cms.example.org/api/v2/";

export async function find(path: string): Promise<Page> {
  const response = await fetch(`${API}pages/find/?html_path=${encodeURIComponent(path)}`);
  if (!response.ok) {
    const problem: Schemas["Problem"] = await response.json();
    throw new Error(problem.errors?.map((error) => error.parameter).join() ?? problem.detail);
  }
  const page: Found = await response.json();
  return page;
}

export function heading(page: Page): string {
  // @ts-expect-error Only some pages have a period.
  page.period;
  switch (page.type) {
    case "programmes.ProgrammePage": {
      const status: "upcoming" | "active" | "completed" = page.status;
      const partners: string[] = page.partners.map((partner) => partner.logo?.alt ?? partner.name);
      const first: number | null = page.start_year;
      // @ts-expect-error The first year may be missing while it is a draft.
      first.toFixed();
      return `${page.title} (${page.period}, ${status}), ${first}, ${partners.join(", ")}`;
    }
    case "insights.InsightPage":
      return page.kind === "external" ? `${page.title} – ${page.source}` : page.title;
    case "cms.HomePage":
      return page.heading || page.title;
    case "cms.ContentPage":
    case "programmes.ProgrammeIndexPage":
    case "insights.InsightIndexPage":
    case "wagtailcore.Page":
      return page.title;
    default:
      return impossible(page);
  }
}

export function text(block: Block): string {
  switch (block.type) {
    case "heading": {
      const tag: "h2" | "h3" = block.value.level;
      return `<${tag}>${block.value.text}</${tag}>`;
    }
    case "rich_text":
      return block.value;
    case "quote":
      return `${block.value.text} ${block.value.attribution}`;
    case "image":
      return block.value.image?.alt ?? block.value.caption;
    case "video":
      return block.value.video?.html ?? block.value.caption;
    case "document":
      return block.value.label || (block.value.document?.title ?? "");
    case "key_figures":
      return block.value.figures.map((figure) => `${figure.value} ${figure.label}`).join();
    case "table":
      return block.value.rows.flatMap((row) => row.values).join();
    case "insights":
      return block.value.insights.map((insight) => insight?.link.url ?? "").join();
    case "call_to_action":
      return block.value.link?.external ? block.value.link.url : block.value.label;
    default:
      return impossible(block);
  }
}

export function related(page: Schemas["ProgrammePage"]): string[] {
  // @ts-expect-error A teaser has no body.
  page.related_insights[0]?.body;
  return page.related_insights.map((insight) => `${insight.title} ${insight.meta.html_url}`);
}

export const query: Query = { status: "active", order: ["-start_year", "title"], limit: 10 };
// @ts-expect-error There is no such status.
export const wrong: Query = { status: "over" };

// The compiler lets nothing reach this as long as every `type` has its case.
function impossible(value: never): never {
  throw new Error(`There is no case for ${JSON.stringify(value)}.`);
}

export async function main(): Promise<string> {
  const page = await find("/programmes/identifying-victims-online/");
  const body = "body" in page ? page.body : [];
  return [heading(page), ...body.map(text)].join("\n");
}
