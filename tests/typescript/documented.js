// Writes the code of docs/api.md into files of their own, to be compiled.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const text = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
const folder = new URL("documented/", import.meta.url);

// What the reader has, whose functions the code calls.
const READER = `import * as types from "../types.js";
type Page = types.components["schemas"]["Page"];
type Changes = types.components["schemas"]["Changes"];
declare global {
  const api: string;
  const address: string;
  const process: { env: Record<string, string | undefined> };
  type Listing = { meta: { next_cursor: string | null }; items: Page[] };
  function get(path: \`pages/\${string}\`): Promise<Listing>;
  function get(path: "changes/"): Promise<Changes>;
  function build(pages: Page[]): void;
  function drop(tags: string[]): void;
  function sleep(milliseconds: number): Promise<void>;
}
`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
writeFileSync(new URL("reader.ts", folder), READER);
const blocks = [...text.matchAll(/^( *)```(?:ts|js)\n(.*?)^ *```$/gms)];
if (!blocks.length) throw new Error("docs/api.md shows no code.");
for (const [number, [, indent, code]] of blocks.entries()) {
  const flush = code.replaceAll(new RegExp(`^${indent}`, "gm"), "").replace('"./types"', '"../types.js"');
  writeFileSync(new URL(`${number + 1}.ts`, folder), `${flush}\nexport {};\n`);
}
