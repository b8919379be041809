import type { APIRoute } from "astro";

import { leavePreview } from "../../../../previews";

export const GET: APIRoute = ({ request }) => leavePreview(request);
