import { defineEventHandler, getQuery, setResponseStatus } from "h3";

import { read } from "../../../kept";

/** The page at a path, for `useFetch("/api/page", { query: { path: route.path } })`. */
export default defineEventHandler(async (event) => {
  const { path } = getQuery<{ path: string }>(event);
  const { status, data } = await read(`pages/find/?html_path=${encodeURIComponent(path)}`);
  setResponseStatus(event, status);
  return data;
});
