import { defineNitroConfig } from "nitropack/config";

// Nuxt's server is Nitro, which runs `server/` without the rest of Nuxt as well.
export default defineNitroConfig({ srcDir: "server", compatibilityDate: "2026-01-01" });
