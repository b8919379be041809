import { previewRoute } from "@headless-cms/next";

import { cms, CMS_URL } from "@/lib/cms";

export const GET = previewRoute({ cms: CMS_URL, preview: (token) => cms.preview(token) });
