// Lists, reads and previews by a client that hey-api has made.
import assert from "node:assert/strict";

import { client } from "../made/hey-api/client.gen";
import { pagesFind, previewShow, programmesList } from "../made/hey-api/sdk.gen";

client.setConfig({ baseUrl: new URL(process.env.API_URL ?? "").origin });

const listing = await programmesList({ query: { status: "completed", order: ["-start_year", "title"], limit: 2 }, throwOnError: true });
assert.equal(listing.data.items.length, 2);
const [first] = listing.data.items;
assert.equal(first?.status, "completed");

const found = await pagesFind({ query: { html_path: new URL(first?.meta.html_url ?? "").pathname }, throwOnError: true });
// It has a second form, Markdown, so that it may be a text.
const page = found.data;
if (typeof page === "string" || page.type !== "programmes.ProgrammePage") throw new Error("It is no programme.");
assert.equal(page.title, first?.title);
assert.ok(Array.isArray(page.body));

const missing = await pagesFind({ query: { html_path: "/nothing/" } });
assert.equal(missing.error?.status, 404);

const draft = await previewShow({ auth: () => process.env.TOKEN ?? "", throwOnError: true });
assert.equal(typeof draft.data === "string" ? "" : draft.data.title, "A draft");
