/** What a description says of its endpoints, by their names below the API's address. */

import type { paths } from "./types.js";

/** What `docs/openapi.json` describes: the service without content types of your own. */
export type Described = paths;

type Mount<P> = keyof P extends infer Path ? (Path extends `${infer Below}/pages/find` ? Below : never) : never;

/** The endpoints of a description, without what stands in front of them: `/pages/find`. */
export type Endpoints<P> = { [Path in keyof P as Path extends `${Mount<P>}${infer Name}` ? Name : never]: P[Path] };

type Read<P, Name extends string> = `/${Name}` extends keyof Endpoints<P>
  ? Endpoints<P>[`/${Name}`] extends { get: infer Operation }
    ? Operation
    : never
  : never;

type Body<Operation> = Operation extends { responses: { 200: { content: { "application/json": infer Json } } } }
  ? Json
  : never;

// Lists may be constant ones.
type Query<Operation> = Operation extends { parameters: { query?: infer Given } }
  ? { [Name in keyof NonNullable<Given>]: ReadOnly<NonNullable<Given>[Name]> }
  : never;
type ReadOnly<Value> = Value extends (infer Element)[] ? readonly Element[] : Value;

/** What an endpoint gives. */
export type Answer<P, Name extends string> = Body<Read<P, Name>>;

/** The parameters of an endpoint, apart from those that a client gives itself. */
export type Parameters<P, Name extends string> = Omit<Query<Read<P, Name>>, "fields" | "html_path" | "id" | "token">;

/** A page of any type, with all its fields; `type` tells them apart. */
export type Page<P = Described> = Answer<P, "pages/find">;

/** The types of pages that there are. */
export type PageType<P = Described> = Page<P> extends { type: infer Type } ? Type : never;

/** A page of one type: `PageOf<"programmes.ProgrammePage">`. */
export type PageOf<Type extends PageType<P>, P = Described> = Extract<Page<P>, { type: Type }>;

/** What every page of a website shows around its content. */
export type Site<P = Described> = Answer<P, "site">;

/** One thing that changed for readers. */
export type Change<P = Described> = Answer<P, "changes"> extends { items: (infer Item)[] } ? Item : never;

type Listed = { meta: { total_count: number }; items: readonly object[] };

type Names<P> = keyof Endpoints<P> extends infer Path ? (Path extends `/${infer Name}` ? Name : never) : never;

/** The names of what can be listed: `pages`, `programmes`, `images`, `search` and so on. */
export type Collection<P = Described> = Names<P> extends infer Name
  ? Name extends `${string}{${string}` ? never : Name extends string ? (Answer<P, Name> extends Listed ? Name : never) : never
  : never;

/** Those of them that a cursor reads through. */
export type Readable<P = Described> = Collection<P> extends infer Name
  ? Name extends Collection<P> ? ("cursor" extends keyof Query<Read<P, Name>> ? Name : never) : never
  : never;

/** The parameters of a listing. `id` is a filter there. */
export type Filters<P, Name extends Collection<P>> = Omit<Query<Read<P, Name>>, "fields">;

/** What a listing may have in `items`: pages as teasers or in full, or something else. */
export type Listable<P, Name extends Collection<P>> = Answer<P, Name> extends { items: readonly (infer Item)[] } ? Item : never;

/** What a listing says of itself: `total_count`, and what was asked for besides. */
export type ListingMeta<P, Name extends Collection<P>> = Answer<P, Name> extends { meta: infer Meta } ? Meta : never;
