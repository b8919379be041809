/**
 * The pages that Next.js keeps, shared by several processes: `cacheHandler` of `next.config.ts`, beside `shareCache`.
 *
 * Next.js loads it as it is, and makes one for each request.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";

const LONGEST_SECONDS = 30 * 24 * 3600;
const builds = new Map();

/** A page names files of the build that it was drawn by. */
function buildOf(folder) {
  if (!builds.has(folder)) builds.set(folder, readFileSync(join(folder, "..", "BUILD_ID"), "utf8").trim());
  return builds.get(folder);
}

export default class SharedPages {
  constructor({ serverDistDir }) {
    this.build = buildOf(serverDistDir);
    this.before = null;
  }

  async get(key, { kind }) {
    // What `cached` gives Next.js has no content; it is made anew where it is asked for.
    if (kind === "FETCH") return null;
    const shared = globalThis.headlessCmsShared;
    const text = await shared.page(`${this.build}:${key}`);
    if (text) {
      const { since, tags, ...entry } = deserialize(Buffer.from(text, "base64"));
      if (await shared.isFresh(since, tags)) return entry;
    }
    // What is drawn from now on may be from before a purge that comes meanwhile.
    this.before = await shared.last();
    return null;
  }

  async set(key, value, { cacheControl }) {
    if (!value || value.kind === "FETCH" || this.before === null) return;
    const tags = value.headers?.["x-next-cache-tags"]?.split(",") ?? [];
    const entry = { since: this.before, tags, lastModified: Date.now(), value, cacheControl };
    const expire = Math.min(cacheControl?.expire ?? LONGEST_SECONDS, LONGEST_SECONDS);
    const text = serialize(entry).toString("base64");
    await globalThis.headlessCmsShared.keep(`${this.build}:${key}`, text, Math.max(1, Math.ceil(expire)));
  }

  async revalidateTag(tags) {
    await globalThis.headlessCmsShared.purge([tags].flat());
  }

  resetRequestCache() {}
}
