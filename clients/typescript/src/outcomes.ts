/** What comes of a read. */

import type { components } from "./types.js";

/** What is wrong with a request, by RFC 9457. */
export type Problem = components["schemas"]["Problem"];

/** What a cache needs to know of an answer. */
export interface Kept {
  /** The names by which it is purged; none where it must not be kept. */
  tags: string[];
  /** For how many seconds it may be given without asking again. */
  seconds: number;
}

/** There is such a page. */
export interface Found<Page> extends Kept {
  kind: "page";
  page: Page;
}

/** The page is at another address: answer with `status`, and `url` as `Location`. */
export interface Moved extends Kept {
  kind: "moved";
  /** A path of the same website, or a whole address where `external` is true. */
  url: string;
  external: boolean;
  status: 301 | 302;
}

/** There was a page, and there will be none again: answer with 410. */
export interface Gone extends Kept {
  kind: "gone";
}

/** There is nothing, or nothing that is public: answer with 404. */
export interface Missing extends Kept {
  kind: "missing";
}

/** Changes after this cursor are forgotten: drop all that was kept, and begin anew. */
export interface Forgotten {
  kind: "forgotten";
}

/** What changed after a cursor. */
export interface Heard<Change> {
  kind: "changes";
  changes: Change[];
  /** What to give as `after` next time. */
  cursor: string;
  /** Whether there may be more already. */
  more: boolean;
}

/** Items of a listing. */
export interface Listing<Item, Meta> extends Kept {
  items: Item[];
  meta: Meta;
}

/** What every page shows around its content. */
export interface Around<Site> extends Kept {
  site: Site;
}

/** The API could not be read, or does not take what was asked; nothing can be shown of it. */
export class ApiError extends Error {
  override name = "ApiError";
  /** The address that was asked. */
  readonly url: string;
  /** The status of the answer; 0 where there was none. */
  readonly status: number;
  /** What the API says of it, if it was the API that answered. */
  readonly problem: Problem | undefined;

  constructor(url: string, status: number, said: Problem | string, cause?: Error) {
    super(typeof said === "string" ? said : said.detail, cause && { cause });
    this.url = url;
    this.status = status;
    this.problem = typeof said === "string" ? undefined : said;
  }
}

/** The token shows nothing, or no longer: say so, and forget it. `preview` and `find` return it, all else throws it. */
export class Ended extends ApiError {
  override name = "Ended";
  readonly kind = "ended";
}

/** The schemas of a description: `Schema<"BodyBlock">`. */
export type Schema<Name extends keyof C["schemas"], C extends { schemas: object } = components> = C["schemas"][Name];

