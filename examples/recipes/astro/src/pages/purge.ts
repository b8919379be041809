import type { APIRoute } from "astro";

import { mayPurge, purge } from "../../../kept";

/** The CMS says which tags are old: `{"tags": ["…"]}`. */
export const POST: APIRoute = async ({ request }) => {
  if (!mayPurge(request.headers.get("authorization"))) {
    return new Response(null, { status: 403 });
  }
  const { tags } = (await request.json()) as { tags: string[] };
  purge(tags);
  return new Response(null, { status: 204 });
};
