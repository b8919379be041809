import { passOn } from "@headless-cms/next";
import { cmsProxy } from "@headless-cms/next/proxy";

import { API_URL, CMS_URL, type Page, published, SITE } from "@/lib/cms";
import { isSearch } from "@/lib/languages";

export const proxy = cmsProxy<Page>({
  cms: CMS_URL,
  find: published.find.plain,
  draws: (path) => isSearch({ site: published.site.plain }, path),
  passesOn: passOn({ api: API_URL, site: SITE }),
  // An insight of somebody else's is read there.
  leadsTo: (page) => (page.type === "insights.InsightPage" && page.link.external ? page.link.url : null),
});

// All but what Next.js serves by itself: its own files, and those in `public/`.
export const config = { matcher: ["/((?!_next/|favicon\\.ico$|favicon\\.svg$|apple-touch-icon\\.png$).*)"] };
