import { cacheLife, cacheTag } from "next/cache";

const API = process.env.API_URL ?? "http://localhost:8000/api/v2";

export interface Answer {
  status: number;
  // What `openapi-typescript` makes of the API's description types this.
  data: any;
}

/** What the API gives at an address, such as `pages/find/?html_path=/about/`; kept until one of its tags is purged. */
export async function read(address: string): Promise<Answer> {
  "use cache";
  const response = await fetch(`${API}/${address}`, {
    // Next.js keeps 128 tags with an answer.
    headers: { "Cache-Tag-Limit": "128" },
  });
  const tags = response.headers.get("cache-tag");
  if (tags) {
    cacheTag(...tags.split(","));
    cacheLife("max");
  } else {
    // No purge names an error: it is asked for again.
    cacheLife({ stale: 0, revalidate: 0, expire: 0 });
  }
  return { status: response.status, data: await response.json() };
}
