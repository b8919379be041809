import { purgeRoute } from "@headless-cms/next";

export const POST = purgeRoute();
