/** Reads that end in time, are tried again, and ask with an ETag for what is known. */

import { ApiError } from "./outcomes.js";

export interface Patience {
  fetch: (request: Request) => Promise<Response>;
  timeout: number;
  retries: number;
  keep: number;
}

interface Copy {
  status: number;
  headers: Headers;
  text: string;
}

const PASSING = new Set([429, 502, 503, 504]);
const LONGEST_PAUSE = 5_000;

/** Return a `fetch` for reads. */
export function patient({ fetch, timeout, retries, keep }: Patience): (request: Request) => Promise<Response> {
  const copies = new Map<string, Copy>();
  let size = 0;

  function forget(url: string): void {
    size -= copies.get(url)?.text.length ?? 0;
    copies.delete(url);
  }

  async function once(request: Request, known: Copy | undefined): Promise<Copy> {
    const headers = new Headers(request.headers);
    const etag = known?.headers.get("etag");
    if (etag) headers.set("If-None-Match", etag);
    const held = Number(new URL(request.url).searchParams.get("wait")) * 1000;
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout + held)]);
    const response = await fetch(new Request(request, { headers, signal }));
    if (response.status !== 304 || !known) {
      return { status: response.status, headers: response.headers, text: await response.text() };
    }
    const merged = new Headers(known.headers);
    response.headers.forEach((value, name) => merged.set(name, value));
    return { ...known, headers: merged };
  }

  function remember(url: string, copy: Copy): void {
    if (!copy.headers.has("etag")) return;
    forget(url);
    copies.set(url, copy);
    size += copy.text.length;
    for (const oldest of copies.keys()) {
      if (size <= keep) break;
      forget(oldest);
    }
  }

  return async (request) => {
    // What a credential shows is never kept.
    const mayKeep = keep > 0 && request.method === "GET" && !request.headers.has("authorization");
    for (let tries = 0; ; tries += 1) {
      let pause = 200 * 2 ** tries * (0.5 + Math.random());
      try {
        const copy = await once(request, mayKeep ? copies.get(request.url) : undefined);
        const after = copy.headers.get("retry-after");
        if (after) pause = Math.max(pause, Number(after) * 1000 || Date.parse(after) - Date.now() || 0);
        if (!PASSING.has(copy.status) || tries >= retries || pause > LONGEST_PAUSE) {
          if (mayKeep) remember(request.url, copy);
          const { status, headers } = copy;
          const response = new Response([204, 304].includes(status) ? null : copy.text, { status, headers });
          return Object.defineProperty(response, "url", { value: request.url });
        }
      } catch (error) {
        // Whoever gave the signal has ended it, and knows why.
        if (request.signal.aborted) throw request.signal.reason;
        if (tries >= retries) {
          const reason = error instanceof Error ? error : new Error(String(error));
          const said = reason.name === "TimeoutError" ? `within ${timeout} ms` : `(${reason.message})`;
          throw new ApiError(request.url, 0, `There was no answer ${said} from ${request.url}.`, reason);
        }
      }
      await paused(pause, request.signal);
    }
  };
}

/** Wait for some milliseconds, or until the signal ends it. */
export function paused(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, milliseconds);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
}
