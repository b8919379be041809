/**
 * Pages of this website that are shown with another status than 200.
 *
 * Next.js draws what is not found by a script in the browser, and knows no 410 and no 503. So each such page is one like
 * any other, below `/-/`, which this process asks itself for; no reader gets there.
 */

import { randomUUID } from "node:crypto";

declare global {
  var headlessCmsKnock: string | undefined;
}

/** The header by which this process knows itself. */
export const KNOCK = "x-headless-cms";
export const knock: string = (globalThis.headlessCmsKnock ??= randomUUID());

/** Return one of the pages below `/-/` with a status of its own; `policy` has the nonce that its scripts shall have. */
export async function drawn(
  path: string,
  status: number,
  headers: Record<string, string>,
  policy?: string | null,
): Promise<Response> {
  const own = process.env.OWN_URL ?? `http://127.0.0.1:${process.env.PORT ?? 3000}`;
  const sent = { [KNOCK]: knock, ...(policy ? { "Content-Security-Policy": policy } : {}) };
  const page = await fetch(`${own}${path}`, { headers: sent, cache: "no-store", redirect: "manual" });
  const type = page.headers.get("content-type") ?? "text/html; charset=utf-8";
  return new Response(await page.text(), { status, headers: { ...headers, "Content-Type": type } });
}
