/** What is done once, before the first request. */

export async function register(): Promise<void> {
  const { CACHE_URL, NEXT_RUNTIME } = process.env;
  if (CACHE_URL && NEXT_RUNTIME === "nodejs") (await import("@headless-cms/next/shared")).shareCache(CACHE_URL);
}
