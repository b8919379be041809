import { switchRoute } from "@headless-cms/next";

import { CMS_URL } from "@/lib/cms";

export const GET = switchRoute({ cms: CMS_URL });
