// Writes the TypeScript of README.md into files of their own, to be compiled and run.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const folder = new URL("snippets/", import.meta.url);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const text = readFileSync(new URL("README.md", import.meta.url), "utf8");
for (const [number, [, code]] of [...text.matchAll(/^```ts\n(.*?)^```$/gms)].entries()) {
  writeFileSync(new URL(`${number + 1}.ts`, folder), code);
}
