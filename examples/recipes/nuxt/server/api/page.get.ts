import { defineEventHandler, getQuery, setResponseHeaders } from "h3";

import { CMS } from "../../../previews";
import { shownAt } from "../../../shown";

/** What is at an address of the website, for whoever sends the cookies of this request. */
export default defineEventHandler(async (event) => {
  const [path = "/", query = ""] = String(getQuery(event).address ?? "/").split(/(?=\?)/);
  const shown = await shownAt(event.headers, path, query);
  setResponseHeaders(event, shown.headers);
  return { ...shown, cms: CMS };
});
