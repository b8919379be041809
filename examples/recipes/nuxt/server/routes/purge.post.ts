import { createError, defineEventHandler, getHeader, readBody, sendNoContent } from "h3";

import { mayPurge, purge } from "../../../kept";

/** The CMS says which tags are old: `{"tags": ["…"]}`. */
export default defineEventHandler(async (event) => {
  if (!mayPurge(getHeader(event, "authorization"))) {
    throw createError({ statusCode: 403 });
  }
  const { tags } = await readBody<{ tags: string[] }>(event);
  purge(tags);
  return sendNoContent(event);
});
