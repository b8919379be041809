import assert from "node:assert/strict";
import { test } from "node:test";
import { generate, openLines } from "./generate.js";

const describing = (schema) => ({
  openapi: "3.1.0",
  info: { title: "Test", version: "1" },
  paths: {},
  components: { schemas: { Thing: schema } },
});

for (const schema of [
  {},
  { type: "array" },
  { type: "array", items: {} },
  { type: "object", additionalProperties: true },
  { type: "object", properties: { part: {} } },
]) {
  test(`${JSON.stringify(schema)} is open`, async () => {
    assert.notDeepEqual(openLines(await generate(describing(schema))), []);
  });
}

test("a type that is closed is not open", async () => {
  const schema = { type: "object", properties: { any: { type: "string", description: "any" } } };
  assert.deepEqual(openLines(await generate(describing(schema))), []);
});
