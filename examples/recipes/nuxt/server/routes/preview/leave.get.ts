import { defineEventHandler, toWebRequest } from "h3";

import { leavePreview } from "../../../../previews";

export default defineEventHandler((event) => leavePreview(toWebRequest(event)));
