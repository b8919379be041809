import { endedRoute } from "@headless-cms/next";

import { CMS_URL } from "@/lib/cms";

export const GET = endedRoute({ cms: CMS_URL });
