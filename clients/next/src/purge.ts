/** The route at which the CMS says what is old. */

import { timingSafeEqual } from "node:crypto";

import { revalidateTag } from "next/cache";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

import { EVERYTHING, store } from "./store";

/** What may purge; each is read from the environment where it is not given, and without both nobody may. */
export interface Secrets {
  /** The CMS's `PURGE_TOKEN`, which comes as `Authorization: Bearer …`; the variable has the same name here. */
  token?: string | undefined;
  /** The secret of a webhook, `whsec_…`, by which its events are signed; the variable is `WEBHOOK_SECRET`. */
  secret?: string | undefined;
}

/**
 * Make the handler of a route that drops what was made of certain tags: of the answers, and of the pages.
 *
 * It takes what `PURGE_URLS` sends, by `POST` (tags in `Surrogate-Key`, or `{"tags": […]}`), and the events of a webhook.
 */
export function purgeRoute(secrets: Secrets = {}): (request: Request) => Promise<Response> {
  return async (request) => {
    const { token = process.env.PURGE_TOKEN, secret = process.env.WEBHOOK_SECRET } = secrets;
    const body = await request.text();
    const signed = isSigned(request.headers, body, secret);
    if (!signed && !isBearer(request.headers, token)) {
      return said(403, "Send PURGE_TOKEN as Authorization: Bearer …, or sign the body as webhooks are.");
    }
    const tags = tagsIn(request.headers, body);
    if (!tags) return said(400, 'Name the tags in Surrogate-Key, or send {"tags": ["…"]} or an event.');
    await store.purge(tags);
    // At once: the next reader waits for the new page, and nobody sees the old one.
    for (const tag of tags === "everything" ? [EVERYTHING] : tags) revalidateTag(tag, { expire: 0 });
    return new Response(null, { status: 204 });
  };
}

function said(status: number, text: string): Response {
  return Response.json({ status, detail: text }, { status });
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function isBearer(headers: Headers, token: string | undefined): boolean {
  return Boolean(token) && isSame(headers.get("authorization") ?? "", `Bearer ${token}`);
}

/** Tell whether a body is signed by Standard Webhooks 1.0, and not long ago. */
function isSigned(headers: Headers, body: string, secret: string | undefined): boolean {
  if (!secret || !headers.has("webhook-id")) return false;
  try {
    new Webhook(secret).verify(body, Object.fromEntries(headers), { jsonParse: false });
    return true;
  } catch (error) {
    // Any other error is one of the secret itself, by which nobody can sign.
    if (!(error instanceof WebhookVerificationError)) {
      console.error("WEBHOOK_SECRET is no secret of a webhook: copy it whole from the CMS, `whsec_…`.", error);
    }
    return false;
  }
}

interface Message {
  tags?: string[];
  type?: string;
  data?: { tags?: string[]; kind?: string };
}

function tagsIn(headers: Headers, body: string): string[] | "everything" | null {
  const named = (headers.get("surrogate-key") ?? "").split(" ").filter(Boolean);
  if (named.length) return named;
  let message: Message | null;
  try {
    message = JSON.parse(body) as Message | null;
  } catch {
    return null;
  }
  // Types of events that are not known are passed over, with an answer that says that all is well.
  if (message?.type && message.type !== "content.changed") return [];
  if (message?.data?.kind === "bumped") return "everything";
  const tags = message?.tags ?? message?.data?.tags;
  return Array.isArray(tags) && tags.every((tag) => typeof tag === "string") ? tags : null;
}
