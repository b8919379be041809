/** Fields that a request asks for, as an object of the shape of what it gets: the types, and the text that asks for them. */

import type { Page } from "./api.js";

/** A page as something that is nested itself names it: what `meta.parent` is. */
type Link<P> = Page<P> extends { meta: { parent: infer Parent } } ? NonNullable<Parent> : never;

// What a page names is shorter where the page is short itself: pages deeper down are links.
type Shorter<P, Value> = Value extends { type: infer Type; meta: { html_url: string } }
  ? Extract<Link<P>, { type: Type }>
  : Value extends readonly (infer Element)[]
    ? Shorter<P, Element>[]
    : Value extends object
      ? { [Key in keyof Value]: Shorter<P, Value[Key]> }
      : Value;

type More<P, Short, Whole> = Short & { [Key in Exclude<keyof Whole, keyof Short>]: Shorter<P, Whole[Key]> };

/** All that can be asked of something: for a page in a short form, what its whole form has besides. */
export type Widened<P, Thing> = Thing extends { type: infer Type; meta: infer Meta extends { html_url: string } }
  ? Extract<Page<P>, { type: Type }> extends infer Whole extends { meta: object }
    ? More<P, Omit<Thing, "meta">, Omit<Whole, "meta">> & { meta: More<P, Meta, Whole["meta"]> }
    : never
  : Thing;

type Keys<Thing> = Thing extends Thing ? keyof Thing : never;
type Value<Thing, Key> = Thing extends Thing ? (Key extends keyof Thing ? Thing[Key] : never) : never;
type One<Thing> = NonNullable<Thing> extends readonly (infer Element)[] ? NonNullable<Element> : NonNullable<Thing>;

// What has `meta` is an object of its own, of which parts can be asked for; anything else comes whole.
type Part<P, Thing> = Thing extends { meta: object } ? Selection<P, Widened<P, Thing>> : never;

/** Which fields to give: `{ title: true, partners: { name: true }, meta: { html_url: true } }`. */
export type Selection<P, Thing> = {
  [Key in Exclude<Keys<Thing>, "meta" | "highlight">]?: true | Part<P, One<Value<Thing, Key>>>;
} & { meta?: { [Key in Keys<Value<Thing, "meta">>]?: true } };

/** A selection of which every field is there; any other is `never`, so that the compiler says where it is. */
export type Valid<P, Thing, Asked> = {
  [Key in keyof Asked]: Key extends "meta"
    ? { [Name in keyof Asked[Key]]: Name extends Keys<Value<Thing, "meta">> ? true : never }
    : Key extends Exclude<Keys<Thing>, "highlight">
      ? Asked[Key] extends true
        ? true
        : One<Value<Thing, Key>> extends infer Nested extends { meta: object }
          ? Valid<P, Widened<P, Nested>, Asked[Key]>
          : never
      : never;
};

type Chosen<P, Thing, Asked> = Thing extends readonly (infer Element)[]
  ? Chosen<P, Element, Asked>[]
  : Thing extends object
    ? Selected<P, Widened<P, Thing>, Asked>
    : Thing;

/** What an answer has of something when these fields are asked for. */
export type Selected<P, Thing, Asked> = Thing extends Thing
  ? {
      [Key in keyof Thing & (keyof Asked | "highlight")]: Key extends keyof Asked
        ? Asked[Key] extends true
          ? Thing[Key]
          : Key extends "meta"
            ? Pick<Thing[Key], keyof Thing[Key] & keyof Asked[Key]>
            : Chosen<P, Thing[Key], Asked[Key]>
        : Thing[Key];
    }
  : never;

/** The fields of a request, at whatever depth. */
export interface Asked {
  readonly [name: string]: true | Asked | undefined;
}

/** Write a selection by the API's grammar: `_,title,partners(_,name),html_url`. */
export function written(asked: Asked): string {
  const names = Object.entries(asked).flatMap(([name, part]) =>
    typeof part !== "object" ? (part ? name : []) : name === "meta" ? Object.keys(part) : `${name}(${written(part)})`,
  );
  return ["_", ...new Set(names)].join();
}
