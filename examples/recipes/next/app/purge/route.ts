import { timingSafeEqual } from "node:crypto";

import { revalidateTag } from "next/cache";

/** Whether a request's `Authorization` has the secret that the CMS has in `PURGE_TOKEN`; without one nobody may. */
function mayPurge(authorization: string | null | undefined): boolean {
  const secret = process.env.PURGE_TOKEN;
  const sent = Buffer.from(authorization ?? "");
  const wanted = Buffer.from(`Bearer ${secret}`);
  return Boolean(secret) && sent.length === wanted.length && timingSafeEqual(sent, wanted);
}

/** The CMS says which tags are old: `{"tags": ["…"]}`. */
export async function POST(request: Request): Promise<Response> {
  if (!mayPurge(request.headers.get("authorization"))) {
    return new Response(null, { status: 403 });
  }
  const { tags } = (await request.json()) as { tags: string[] };
  for (const tag of tags) {
    // At once: the next reader waits for the new page, and nobody sees the old one.
    revalidateTag(tag, { expire: 0 });
  }
  return new Response(null, { status: 204 });
}
