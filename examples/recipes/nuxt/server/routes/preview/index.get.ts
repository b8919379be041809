import { defineEventHandler, toWebRequest } from "h3";

import { openPreview } from "../../../../previews";

export default defineEventHandler((event) => openPreview(toWebRequest(event)));
