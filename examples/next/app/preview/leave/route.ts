import { leaveRoute } from "@headless-cms/next";

import { CMS_URL } from "@/lib/cms";
import { counterpart } from "@/lib/drafts";

export const GET = leaveRoute({ cms: CMS_URL, counterpart });
