/**
 * Answers that this process keeps until one of their tags is purged, or the time is over that the API gave them.
 *
 * Next.js bundles the proxy, the pages and the routes apart from each other, so that a module has a copy in each of them;
 * what they share hangs on `globalThis`.
 */

import type { Shared } from "./shared";

/** Every page and answer has this tag, so that all can be dropped at once. */
export const EVERYTHING = "headless-cms";

/** What every answer of the client says of how it may be kept. */
export interface Kept {
  /** What it was made of: it is old once one of them is purged. */
  tags: readonly string[];
  /** For how many seconds it may be given without asking again. */
  seconds: number;
}

export interface Entry {
  answer: Kept;
  /** Until when it may be given without asking again, in milliseconds. */
  until: number;
  /** The last purge that all processes had before it was asked for; null where they share none, or it is not known. */
  since: number | null;
}

const MOST = 2_000;
const TRIES = 3;

class Store {
  private readonly entries = new Map<string, Entry>();
  private readonly asking = new Map<string, Promise<Entry>>();
  private purges = 0;

  /** Return what is kept by a key, or ask for it; whoever else wants it meanwhile waits for the same answer. */
  async read(key: string, ask: () => Promise<Kept>): Promise<Entry> {
    const known = this.entries.get(key);
    if (known && Date.now() < known.until && (await isFresh(known))) return known;
    const going = this.asking.get(key);
    if (going) return going;
    const asked = this.ask(key, ask);
    this.asking.set(key, asked);
    try {
      return await asked;
    } finally {
      // A purge may have made room for another question.
      if (this.asking.get(key) === asked) this.asking.delete(key);
    }
  }

  private async ask(key: string, ask: () => Promise<Kept>): Promise<Entry> {
    for (let tries = 1; ; tries += 1) {
      const before = { at: Date.now(), purges: this.purges };
      const since = (await globalThis.headlessCmsShared?.last()) ?? null;
      const answer = await ask();
      const entry = { answer, until: before.at + answer.seconds * 1000, since };
      // What was on its way during a purge may be from before the change.
      if (this.purges !== before.purges) {
        if (tries < TRIES) continue;
        return { answer, until: before.at, since };
      }
      this.entries.delete(key);
      if (answer.tags.length && answer.seconds > 0) this.entries.set(key, entry);
      for (const oldest of this.entries.keys()) {
        if (this.entries.size <= MOST) break;
        this.entries.delete(oldest);
      }
      return entry;
    }
  }

  /** Drop what was made of any of these tags, or everything: here, and where a cache is shared. */
  async purge(tags: readonly string[] | "everything"): Promise<void> {
    await globalThis.headlessCmsShared?.purge(tags === "everything" ? [EVERYTHING] : tags);
    this.purges += 1;
    this.asking.clear();
    const old = new Set(tags === "everything" ? [] : tags);
    for (const [key, { answer }] of this.entries) {
      if (tags === "everything" || answer.tags.some((tag) => old.has(tag))) this.entries.delete(key);
    }
  }
}

async function isFresh({ answer, since }: Entry): Promise<boolean> {
  const shared = globalThis.headlessCmsShared;
  return !shared || (since !== null && (await shared.isFresh(since, answer.tags)));
}

declare global {
  var headlessCmsStore: Store | undefined;
  var headlessCmsShared: Shared | undefined;
}

export const store: Store = (globalThis.headlessCmsStore ??= new Store());
