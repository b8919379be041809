/** What is given away: small, and with no type left open. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";
import ts from "typescript";
import { expect, test } from "vitest";

const DIST = new URL("../dist/", import.meta.url);

test("a frontend that uses all of it has less than 6 kB more to carry", async () => {
  const contents = 'import { createClient } from "./dist/index.js"; globalThis.cms = createClient({ url: "https://cms.example.org/api/v2/" });';
  const resolveDir = new URL("..", import.meta.url).pathname;
  const built = await build({ stdin: { contents, resolveDir }, bundle: true, minify: true, format: "esm", write: false });
  const [bundle] = built.outputFiles;
  expect(gzipSync(bundle?.contents ?? "", { level: 9 }).length).toBeLessThan(6_000);
});

test("who takes nothing carries nothing", async () => {
  const contents = 'import "./dist/index.js";';
  const resolveDir = new URL("..", import.meta.url).pathname;
  const built = await build({ stdin: { contents, resolveDir }, bundle: true, minify: true, format: "esm", write: false, logLevel: "error" });
  expect(built.outputFiles[0]?.text).toBe("");
});

/** The lines of a declaration that leave a type open, but for the headers of answers, which nobody is given. */
function open(name: string): string[] {
  const source = readFileSync(new URL(name, DIST), "utf8");
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node) && node.name.getText() === "headers") return;
    if (node.kind === ts.SyntaxKind.AnyKeyword || node.kind === ts.SyntaxKind.UnknownKeyword) found.push(node.parent.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true));
  return found;
}

test("no type is left open", () => {
  const names = readdirSync(DIST).filter((name) => name.endsWith(".d.ts"));
  expect(names).toContain("types.d.ts");
  expect(Object.fromEntries(names.map((name) => [name, open(name)]).filter(([, lines]) => lines?.length))).toEqual({});
});
