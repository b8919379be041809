/** What whoever holds a credential sees at a path. */

import { credentialAt } from "@headless-cms/next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";

import { cms, drafts, published } from "./cms";

/** Return the credential that a visitor holds at a path, and what it shows there. */
const shownAt = cache(async (path: string) => {
  const held = credentialAt(await cookies(), path);
  // The proxy sends here who holds one; the cookie may have ended a moment ago.
  if (!held) redirect(path);
  const { token, isOwn } = held;
  const outcome = await (isOwn ? cms.preview(token) : drafts(token).find(path));
  if (outcome.kind === "ended") redirect(`/preview/ended?path=${encodeURIComponent(path)}`);
  return { held, outcome };
});

/** Return the page at a path as a draft or as it is published, and what there is to say of it. */
export const draftAt = cache(async (path: string) => {
  const { held, outcome } = await shownAt(path);
  const { token, isOwn, isShare, showsPublished } = held;
  const draft = outcome.kind === "page" ? outcome.page : undefined;
  // The editor has changed the slug since.
  if (isOwn && draft && decodeURI(new URL(draft.meta.html_url).pathname) !== path) {
    redirect(`/preview?from=${encodeURIComponent(path)}`);
  }
  const state = draft?.meta.draft;
  if (showsPublished) {
    const live = await published.find(path);
    return { held, state, reading: published, page: live.kind === "page" ? live.page : undefined };
  }
  if (outcome.kind === "moved") redirect(outcome.url);
  // Somebody without an account sees this page as a draft, and everything around it as the public does.
  return { held, state, reading: isShare ? published : drafts(token), page: draft };
});

/** Return the draft at a path, and what is live now of the same page. */
export const bothAt = cache(async (path: string) => {
  const { held, outcome } = await shownAt(path);
  if (outcome.kind !== "page") redirect(path);
  const draft = outcome.page;
  const { items } = await published.pageWithId(draft.id);
  return { held, draft, live: items[0], reading: held.isShare ? published : drafts(held.token) };
});
