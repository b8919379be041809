import { leaveRoute } from "@headless-cms/next";

import { CMS_URL } from "@/lib/cms";

export const GET = leaveRoute({ cms: CMS_URL });
