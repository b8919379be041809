export type {
  Change,
  Collection,
  Described,
  Page,
  PageOf,
  PageType,
  Readable,
  Site,
} from "./api.js";
export { type Client, createClient, type Options, type Reading } from "./client.js";
export type { Selected, Selection } from "./fields.js";
export { ApiError, Ended } from "./outcomes.js";
export type { Around, Forgotten, Found, Gone, Heard, Kept, Listing, Missing, Moved, Problem, Schema } from "./outcomes.js";
export type { components, paths } from "./types.js";
