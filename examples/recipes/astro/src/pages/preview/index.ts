import type { APIRoute } from "astro";

import { openPreview } from "../../../../previews";

export const GET: APIRoute = ({ request }) => openPreview(request);
