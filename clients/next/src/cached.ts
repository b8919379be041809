/** Reads whose answers are kept, and which tell Next.js what a page was made of. */

import { unstable_cache } from "next/cache";

import { type Entry, EVERYTHING, type Kept, store } from "./store";

export type { Kept } from "./store";

/** What a read may be asked with: whatever JSON can say. */
export type Plain = string | number | boolean | undefined | readonly Plain[] | { readonly [name: string]: Plain };

/** A read whose answers are kept. */
export interface Cached<Args extends Plain[], Answer extends Kept> {
  /** For pages: the page is kept for as long as the answer is, and drawn again once one of its tags is purged. */
  (...args: Args): Promise<Answer>;
  /** For the proxy, where no page is drawn. */
  plain: (...args: Args) => Promise<Answer>;
}

/**
 * Keep the answers of a read, each by what was asked.
 *
 *     const find = cached("find", (path: string) => cms.find(path));
 */
export function cached<Args extends Plain[], Answer extends Kept>(
  name: string,
  ask: (...args: Args) => Promise<Answer>,
): Cached<Args, Answer> {
  // The store has whatever `ask` gave for this key.
  const entry = (args: Args): Promise<Entry & { answer: Answer }> =>
    store.read(JSON.stringify([name, ...args]), () => ask(...args)) as Promise<Entry & { answer: Answer }>;
  const read = async (...args: Args): Promise<Answer> => {
    const { answer, until } = await entry(args);
    await tagPage(answer.tags, until);
    return answer;
  };
  return Object.assign(read, { plain: async (...args: Args) => (await entry(args)).answer });
}

/**
 * Give the page that is being drawn the tags of an answer, and the time that is left to it.
 *
 * Next.js wants tags before it reads anything, and the API says them with its answer: so the answer is read first, and
 * what Next.js is let to keep beside it is no more than that it was.
 */
async function tagPage(tags: readonly string[], until: number): Promise<void> {
  // Next.js knows no page that it may keep and has to ask for each time: one second is the least.
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
  const all = [EVERYTHING, ...tags];
  await unstable_cache(() => Promise.resolve(true), all, { tags: all, revalidate: seconds })();
}
