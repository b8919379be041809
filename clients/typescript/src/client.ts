/** The client: one method for each thing that a website asks for. */

import createFetch, { type Client as Fetching } from "openapi-fetch";

import type {
  Change,
  Collection,
  Described,
  Endpoints,
  Filters,
  Listable,
  ListingMeta,
  Page,
  Parameters,
  Readable,
  Site,
} from "./api.js";
import { type Asked, type Selected, type Selection, type Valid, type Widened, written } from "./fields.js";
import {
  ApiError,
  type Around,
  Ended,
  type Forgotten,
  type Found,
  type Gone,
  type Heard,
  type Kept,
  type Listing,
  type Missing,
  type Moved,
  type Problem,
} from "./outcomes.js";
import { patient, paused } from "./reading.js";

/** How a client reads. */
export interface Options {
  /** The whole address of the API, such as `https://cms.example.org/api/v2/`. */
  url: string;
  /** Whose site it reads, `hostname[:port]`; the default one without. */
  site?: string;
  /** How many tags an answer may have at most: 128 for Next.js. */
  tagLimit?: number;
  /** For how many milliseconds to wait for an answer; 10,000 without it. */
  timeout?: number;
  /** How often to try again what fails in passing; 2 without it. */
  retries?: number;
  /** How many characters of answers to keep, to ask with their ETag; 5,000,000 without it, and 0 keeps none. */
  keep?: number;
  /** What fetches; the global `fetch` without it. */
  fetch?: (request: Request) => Promise<Response>;
}

/** What every read takes. */
export interface Reading {
  /** An editor's token, or that of a shared link. */
  token?: string;
  /** Ends the read. */
  signal?: AbortSignal;
}

type Choice<P, Thing> = { fields?: Selection<P, Thing> };
type Checked<P, Thing, O> = O extends { fields: infer F } ? { fields: Valid<P, Thing, F> } : object;
type Chosen<P, Thing, O> = O extends { fields: infer F extends object } ? Selected<P, Thing, F> : Thing;
type IfToken<O> = O extends { token: string } ? Ended : never;

// `type` narrows a listing of pages, and `view` says in which form they come; without it they are short.
type Narrowed<Item, O> = O extends { type: readonly (infer Type)[] } ? Extract<Item, { type: Type }> : Item;
type Shown<P, Name extends Collection<P>, O> = Narrowed<
  O extends { view: "detail" } ? Extract<Listable<P, Name>, Page<P>> : Exclude<Listable<P, Name>, Page<P>>,
  O
>;
type Item<P, Name extends Collection<P>, O> = Chosen<P, Askable<P, Name, O>, O> extends infer Asked
  ? O extends { fields: object } ? Asked : Shown<P, Name, O>
  : never;
type Askable<P, Name extends Collection<P>, O> = Widened<P, Shown<P, Name, O>>;

type FindOptions<P> = Reading & Parameters<P, "pages/find"> & Choice<P, Page<P>>;
type PreviewOptions<P> = Omit<Reading, "token"> & Omit<Parameters<P, "preview">, "content_type"> & Choice<P, Page<P>>;
type ListOptions<P, Name extends Collection<P>> = Reading & Filters<P, Name> & Choice<P, Widened<P, Listable<P, Name>>>;
type AllOptions<P, Name extends Readable<P>> = Omit<ListOptions<P, Name>, "cursor" | "offset">;

/** A client of the API that `P` describes: `paths` of what openapi-typescript makes of a description. */
export interface Client<P extends object = Described> {
  /** What is at a path of the website: its page, or what became of it. */
  find<const O extends FindOptions<P>>(
    path: string,
    options?: O & Checked<P, Page<P>, O>,
  ): Promise<Found<Chosen<P, Page<P>, O>> | Moved | Gone | Missing | IfToken<O>>;
  /** The draft that a token shows. */
  preview<const O extends PreviewOptions<P>>(
    token: string,
    options?: O & Checked<P, Page<P>, O>,
  ): Promise<Found<Chosen<P, Page<P>, O>> | Ended>;
  /** What every page shows around its content. */
  site(options?: Reading & Parameters<P, "site">): Promise<Around<Site<P>>>;
  /** One part of a listing. */
  list<Name extends Collection<P>, const O extends ListOptions<P, Name>>(
    collection: Name,
    options?: O & Checked<P, Askable<P, Name, O>, O>,
  ): Promise<Listing<Item<P, Name, O>, ListingMeta<P, Name>>>;
  /** Everything in a listing, each once, whatever comes or goes meanwhile. */
  all<Name extends Readable<P>, const O extends AllOptions<P, Name>>(
    collection: Name,
    options?: O & Checked<P, Askable<P, Name, O>, O>,
  ): AsyncGenerator<Item<P, Name, O>, void, undefined>;
  /** What changed after a cursor; without one, where to begin. */
  changes(options?: Omit<Reading, "token"> & Parameters<P, "changes">): Promise<Heard<Change<P>> | Forgotten>;
  /** What changes from now on, or after a cursor, until it is forgotten or the signal ends it. */
  follow(
    options?: Omit<Reading, "token"> & Omit<Parameters<P, "changes">, "wait">,
  ): AsyncGenerator<Heard<Change<P>> | Forgotten, void, undefined>;
  /** Every endpoint, by openapi-fetch, with the same patience. */
  api: Fetching<Endpoints<P>>;
}

interface Raw {
  data?: object;
  error?: object | string;
  response: Response;
}
type Get = (path: string, init: object) => Promise<Raw>;
type Given = Reading & { fields?: Asked } & { [name: string]: Asked | AbortSignal | string | number | boolean | string[] | undefined };

/** Make a client of an API. */
export function createClient<P extends object = Described>(options: Options): Client<P> {
  const { url, site, tagLimit, timeout = 10_000, retries = 2, keep = 5_000_000 } = options;
  const send = options.fetch ?? ((request: Request) => globalThis.fetch(request));
  const api = createFetch<Endpoints<P>>({
    baseUrl: whole(url),
    fetch: patient({ fetch: send, timeout, retries, keep }),
    querySerializer: { array: { style: "form", explode: false } },
    headers: { "Cache-Tag-Limit": tagLimit },
  });
  const get = api.GET as Get;

  async function read(name: string, { token, signal, fields, ...query }: Given): Promise<Raw & { problem?: Problem }> {
    const init = {
      params: { query: { site, ...query, fields: fields && written(fields) } },
      headers: token && { Authorization: `Bearer ${token}` },
      signal,
    };
    const raw = await get(`/${name}`, init).catch((error) => {
      if (!(error instanceof SyntaxError)) throw error;
      throw new ApiError(url, 200, `${url} answers with what is no JSON: it is not the address of the API.`);
    });
    const { error } = raw;
    if (error === undefined) return raw;
    if (typeof error === "string" || !("detail" in error)) {
      const { status, url: asked } = raw.response;
      const said = status < 500 ? `The answer ${status} is not one of the API: is ${url} its address?` : `${asked} answered ${status}.`;
      throw new ApiError(asked, status, said);
    }
    return { ...raw, problem: error as Problem };
  }

  async function data(name: string, query: Given): Promise<{ body: object; kept: Kept }> {
    const { data: body, problem, response } = await read(name, query);
    if (body) return { body, kept: keptOf(response) };
    throw failure(response, problem);
  }

  async function found(path: string, query: Given): Promise<Found<object> | Moved | Gone | Missing | Ended> {
    const { data: page, problem, response } = await read("pages/find", { ...query, html_path: path });
    const kept = keptOf(response);
    if (page) return { kind: "page", page, ...kept };
    if (response.status === 410) return { kind: "gone", ...kept };
    // A parameter that names no site or no language is at fault itself.
    if (response.status === 404 && !problem?.errors) {
      return problem?.redirect ? { kind: "moved", ...problem.redirect, ...kept } : { kind: "missing", ...kept };
    }
    return ended(failure(response, problem));
  }

  const client = {
    async find(path: string, query: Given = {}) {
      const [plain = "/"] = path.split("?");
      const outcome = await found(plain, query);
      // Only a redirect may depend on the query; without it, a page is one answer to keep.
      return plain === path || ["page", "ended"].includes(outcome.kind) ? outcome : found(path, query);
    },
    async preview(token: string, query: Given = {}) {
      const { data: page, problem, response } = await read("preview", { ...query, token });
      return page ? { kind: "page", page, ...keptOf(response) } : ended(failure(response, problem));
    },
    async site(query: Given = {}) {
      const { body, kept } = await data("site", query);
      return { site: body, ...kept };
    },
    async list(collection: string, query: Given = {}) {
      const { body, kept } = await data(collection, query);
      return { ...body, ...kept };
    },
    async *all(collection: string, query: Given = {}) {
      for (let cursor: string | null = "start"; cursor !== null; ) {
        const { body } = await data(collection, { limit: 100, ...query, cursor });
        const { items, meta } = body as { items: object[]; meta: { next_cursor: string | null } };
        yield* items;
        cursor = meta.next_cursor;
      }
    },
    async changes(query: Given = {}) {
      const { data: body, problem, response } = await read("changes", query);
      if (response.status === 410) return { kind: "forgotten" };
      if (!body) throw failure(response, problem);
      const { items, ...rest } = body as { items: object[]; cursor: string; more: boolean };
      return { kind: "changes", changes: items, ...rest };
    },
    async *follow(query: Given = {}) {
      for (let after = query.after as string | undefined; ; ) {
        const asked = Date.now();
        const heard = (await client.changes({ ...query, after, wait: 25 })) as Heard<object> | Forgotten;
        yield heard;
        if (heard.kind === "forgotten") return;
        // The first answer says where to begin; where a service holds no answer, it is left in peace for a while.
        if (after && !heard.changes.length && !heard.more) {
          await paused(Math.max(0, asked + 2_000 - Date.now()), query.signal);
        }
        after = heard.cursor;
      }
    },
    api,
  };
  return client as object as Client<P>;
}

/** Return a whole address without a slash at its end. */
function whole(url: string): string {
  try {
    return new URL(url, globalThis.location?.href).href.replace(/\/+$/, "");
  } catch {
    throw new TypeError(`url is ${JSON.stringify(url)}; it has to be whole, such as https://cms.example.org/api/v2/.`);
  }
}

function failure({ status, url }: Response, problem: Problem | undefined): ApiError {
  return new (status === 401 ? Ended : ApiError)(url, status, problem ?? `The answer ${status} has no body.`);
}

/** Return it where a token has ended, and throw any other failure. */
function ended(error: ApiError): Ended {
  if (error instanceof Ended) return error;
  throw error;
}

/** Read what a cache needs to know. */
function keptOf({ headers }: Response): Kept {
  const lasts = /s-maxage=(\d+)/.exec(headers.get("cache-control") ?? "")?.[1];
  const tags = headers.get("cache-tag")?.split(",") ?? [];
  return { tags, seconds: Math.max(0, Number(lasts ?? 0) - Number(headers.get("age") ?? 0)) };
}
