/** What pages, routes and `lib/` of a website use on the server; the proxy and the components have entries of their own. */

export { cached, type Cached, type Kept, type Plain } from "./cached";
export { jsonLd, metadataOf, type Place } from "./head";
export { type Credential, credentialAt, isShare, pathOf, readable } from "./credentials";
export { differences } from "./differences";
export { edit, type Editable, editable } from "./editing";
export { markdownPath, passOn } from "./passing-on";
export { type Cms, endedRoute, leaveRoute, previewRoute, switchRoute } from "./preview";
export { purgeRoute } from "./purge";
