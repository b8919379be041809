import type { NextConfig } from "next";

// The CMS names its pages with a slash at the end, and purges without one: both are answered where they are.
const config: NextConfig = { cacheComponents: true, skipTrailingSlashRedirect: true };

export default config;
