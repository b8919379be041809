import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({ input: "openapi.json", output: "made/hey-api", logs: { file: false } });
