/**
 * What several processes of a website share on Valkey or Redis: pages that are drawn, and which tags were purged when.
 *
 * Each purge has a number, which becomes that of its tags. What is kept has the number of the last purge before it was
 * asked for, and is old once one of its tags has a higher one; so no clock is compared, and nobody has to hear of a purge.
 */

import { createClient } from "@redis/client";

import { EVERYTHING } from "./store";

const PREFIX = "headless-cms";
const LAST = `${PREFIX}:purges`;
const ANSWER_WITHIN_MS = 1_000;
// In one step, so that of two purges at once the later one's number stays.
const PURGE = `
local number = redis.call("INCR", KEYS[1])
for at = 2, #KEYS do redis.call("SET", KEYS[at], number) end
return number`;

const keyOf = (tag: string): string => `${PREFIX}:tag:${tag}`;

/** The part of a client that is used here. */
interface Commands {
  get(key: string): Promise<string | null>;
  mGet(keys: string[]): Promise<(string | null)[]>;
  set(key: string, value: string, options: { EX: number }): Promise<string | null>;
  eval(script: string, options: { keys: string[] }): Promise<unknown>;
}

/** What the processes share; whatever cannot be asked is not kept. */
export class Shared {
  private isUnheard = false;

  constructor(private readonly commands: Commands) {}

  /** Return the number of the last purge; null where it cannot be known. */
  last(): Promise<number | null> {
    return this.tried(async () => Number((await this.commands.get(LAST)) ?? 0), null);
  }

  /** Tell whether no tag has been purged since a purge with a number. */
  isFresh(since: number, tags: readonly string[]): Promise<boolean> {
    return this.tried(async () => {
      const [last, ...numbers] = await this.commands.mGet([LAST, ...[EVERYTHING, ...tags].map(keyOf)]);
      // After a restart without its data it would count from the beginning.
      return since <= Number(last ?? 0) && numbers.every((number) => Number(number ?? 0) <= since);
    }, false);
  }

  /** Drop what was made of any of these tags, in all processes; it fails if they cannot be told. */
  async purge(tags: readonly string[]): Promise<void> {
    await this.commands.eval(PURGE, { keys: [LAST, ...tags.map(keyOf)] });
  }

  /** Return a page that one of the processes has kept. */
  page(key: string): Promise<string | null> {
    return this.tried(() => this.commands.get(`${PREFIX}:page:${key}`), null);
  }

  /** Keep a page for all of them. */
  async keep(key: string, page: string, seconds: number): Promise<void> {
    await this.tried(() => this.commands.set(`${PREFIX}:page:${key}`, page, { EX: seconds }), null);
  }

  private async tried<Answer>(ask: () => Promise<Answer>, otherwise: Answer): Promise<Answer> {
    try {
      const answer = await ask();
      this.isUnheard = false;
      return answer;
    } catch (error) {
      if (!this.isUnheard) console.error("The shared cache is not reached, so that nothing is kept:", error);
      this.isUnheard = true;
      return otherwise;
    }
  }
}

/**
 * Share a cache at an address, such as `valkey://cache:6379/0`: in `register` of the website's `instrumentation.ts`.
 *
 * Each website has a database of its own there. Give it `maxmemory-policy volatile-lru`, which lets go of pages, and not
 * of the numbers of purges.
 */
export function shareCache(url: string): void {
  const client = createClient({
    url: url.replace(/^valkey/, "redis"),
    // Who reads does not wait for it to come back.
    disableOfflineQueue: true,
    commandOptions: { timeout: ANSWER_WITHIN_MS },
  });
  // Each failed command says so by itself; without a listener this would end the process.
  client.on("error", () => undefined);
  client.connect().catch((error: Error) => console.error("There is no shared cache:", error));
  globalThis.headlessCmsShared = new Shared(client);
}
