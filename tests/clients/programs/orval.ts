// Lists, reads and previews by a client that orval has made.
import assert from "node:assert/strict";

import { pagesFind, previewShow, programmesList } from "../made/orval/api";

const real = globalThis.fetch;
const { origin } = new URL(process.env.API_URL ?? "");
globalThis.fetch = (address, options) => real(String(address).replace("http://api.invalid", origin), options);

const listing = await programmesList({ status: "completed", order: ["-start_year", "title"], limit: 2 });
if (listing.status !== 200) throw new Error(`There is no listing: ${listing.status}.`);
assert.equal(listing.data.items.length, 2);
const [first] = listing.data.items;
assert.ok(first && "status" in first && first.status === "completed");

const found = await pagesFind({ html_path: new URL(first.meta.html_url).pathname });
if (found.status !== 200) throw new Error(`There is no page: ${found.status}.`);
const page = found.data;
if (typeof page === "string" || page.type !== "programmes.ProgrammePage") throw new Error("It is no programme.");
assert.equal(page.title, first.title);
assert.ok(Array.isArray(page.body));

const missing = await pagesFind({ html_path: "/nothing/" });
assert.equal(missing.status, 404);

const draft = await previewShow({}, { headers: { Authorization: `Bearer ${process.env.TOKEN}` } });
if (draft.status !== 200) throw new Error(`There is no draft: ${draft.status}.`);
assert.equal(typeof draft.data === "string" ? "" : draft.data.title, "A draft");
