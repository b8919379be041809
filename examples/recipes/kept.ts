/**
 * Answers of the CMS's API, kept in this process until one of their tags is purged.
 *
 * Purge every process that keeps answers. What is kept is never older than the API allows, should a purge be lost.
 */

import { timingSafeEqual } from "node:crypto";

export const API = process.env.API_URL ?? "http://localhost:8000/api/v2";
const MOST = 1_000;

export interface Answer {
  status: number;
  // Give it the types that `openapi-typescript` makes of the API's description.
  data: any;
}

interface Kept {
  answer: Answer;
  tags: string[];
  until: number;
}

const kept = new Map<string, Kept>();
let purges = 0;

/** What the API gives at an address, such as `pages/find/?html_path=/about/`. */
export async function read(address: string): Promise<Answer> {
  const known = kept.get(address);
  if (known && Date.now() < known.until) {
    return known.answer;
  }
  const asked = { at: Date.now(), purges };
  const response = await fetch(`${API}/${address}`);
  const answer = { status: response.status, data: await response.json() };
  const tags = response.headers.get("cache-tag");
  const lasts = /s-maxage=(\d+)/.exec(response.headers.get("cache-control") ?? "")?.[1] ?? 0;
  const seconds = Number(lasts) - Number(response.headers.get("age") ?? 0);
  kept.delete(address);
  // What was on its way during a purge may be from before the change.
  if (tags && seconds > 0 && asked.purges === purges) {
    for (const oldest of kept.keys()) {
      if (kept.size < MOST) break;
      kept.delete(oldest);
    }
    kept.set(address, { answer, tags: tags.split(","), until: asked.at + seconds * 1000 });
  }
  return answer;
}

/** Drop what was made of any of these tags. */
export function purge(tags: string[]): void {
  const old = new Set(tags);
  purges += 1;
  for (const [address, one] of kept) {
    if (one.tags.some((tag) => old.has(tag))) {
      kept.delete(address);
    }
  }
}

/** Whether a request's `Authorization` has the secret that the CMS has in `PURGE_TOKEN`; without one nobody may. */
export function mayPurge(authorization: string | null | undefined): boolean {
  const secret = process.env.PURGE_TOKEN;
  const sent = Buffer.from(authorization ?? "");
  const wanted = Buffer.from(`Bearer ${secret}`);
  return Boolean(secret) && sent.length === wanted.length && timingSafeEqual(sent, wanted);
}
