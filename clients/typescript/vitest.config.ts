import { defineConfig } from "vitest/config";

export default defineConfig({
  // The README names the package, as a website does.
  resolve: { alias: { "@headless-cms/client": new URL("dist/index.js", import.meta.url).pathname } },
  // A machine may be busy with other tests.
  test: { testTimeout: 60_000 },
});
