// Writes types.ts from docs/openapi.json, and fails where a type in it is open.
import { writeFileSync } from "node:fs";
import { generate, openLines } from "./generate.js";

const source = await generate(new URL("../../docs/openapi.json", import.meta.url));
writeFileSync(new URL("types.ts", import.meta.url), source);
const open = openLines(source);
if (open.length) {
  console.error(`The types leave something open:\n${open.join("\n")}`);
  process.exit(1);
}
