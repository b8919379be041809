import { createRequire } from "node:module";

import type { NextConfig } from "next";

const config: NextConfig = {
  // Paths of the API end with a slash; `proxy.ts` redirects to them, and lets `/preview` be opened without one.
  trailingSlash: true,
  skipTrailingSlashRedirect: true,
  // The package's components and routes are compiled with the website.
  transpilePackages: ["@headless-cms/next"],
  experimental: {
    // What is drawn is kept in memory alone, so that a process begins with nothing that a purge may have missed.
    isrFlushToDisk: false,
  },
  // Several processes share what is drawn (`instrumentation.ts`).
  ...(process.env.CACHE_URL && {
    cacheHandler: createRequire(import.meta.url).resolve("@headless-cms/next/pages"),
    cacheMaxMemorySize: 0,
  }),
  poweredByHeader: false,
};

export default config;
