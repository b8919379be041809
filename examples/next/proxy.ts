import { cmsProxy } from "@headless-cms/next/proxy";

import { CMS_URL, type Page, published } from "@/lib/cms";
import { isSearch } from "@/lib/languages";

export const proxy = cmsProxy<Page>({
  cms: CMS_URL,
  find: published.find.plain,
  draws: (path) => isSearch({ site: published.site.plain }, path),
  // An insight of somebody else's is read there.
  leadsTo: (page) => (page.type === "insights.InsightPage" && page.link.external ? page.link.url : null),
});

// All but what Next.js serves by itself: its own files, and those in `public/`.
export const config = { matcher: ["/((?!_next/|favicon|apple-touch-icon).*)"] };
