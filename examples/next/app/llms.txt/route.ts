import { passOn } from "@headless-cms/next";

import { API_URL, SITE } from "@/lib/cms";

export const dynamic = "force-dynamic";
export const GET = passOn({ api: API_URL, site: SITE });
