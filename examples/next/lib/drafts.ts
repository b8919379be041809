/** What whoever holds a credential sees at a path. */

import { Ended } from "@headless-cms/client";
import { type Credential, credentialAt, pathOf } from "@headless-cms/next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";

import { cms, drafts, type Page, published } from "./cms";

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
  if (!showsPublished && isOwn && draft && decodeURI(new URL(draft.meta.html_url).pathname) !== path) {
    redirect(`/preview?from=${encodeURIComponent(path)}`);
  }
  const state = draft?.meta.draft;
  if (showsPublished) return { held, state, reading: published, page: await liveAt(path, held, draft) };
  if (outcome.kind === "moved") redirect(outcome.url);
  // Somebody without an account sees this page as a draft, and everything around it as the public does.
  return { held, state, reading: isShare ? published : drafts(token), page: draft };
});

/** Return what is live at a path; of a draft that was shared, whose path may be a new one, the same page. */
async function liveAt(path: string, { isOwn, isShare }: Credential, draft: Page | undefined): Promise<Page | undefined> {
  if (isOwn && isShare && draft) return (await published.pageWithId(draft.id)).items[0];
  const live = await published.find(path);
  return live.kind === "page" ? live.page : undefined;
}

/** Return the path of a page among what is published, or among drafts: the slug of a draft may be another one. */
export async function counterpart(path: string, held: Credential, isPublished: boolean): Promise<string | null> {
  const { token, isOwn } = held;
  try {
    const here = await (!isPublished ? published.find(path) : isOwn ? cms.preview(token) : drafts(token).find(path));
    if (here.kind !== "page") return null;
    const { items } = await (isPublished ? published : drafts(token)).pageWithId(here.page.id);
    return items[0] ? pathOf(items[0]) : null;
  } catch (error) {
    // The page says so itself.
    if (error instanceof Ended) return null;
    throw error;
  }
}

/** Return the draft at a path, and what is live now of the same page. */
export const bothAt = cache(async (path: string) => {
  const { held, outcome } = await shownAt(path);
  if (outcome.kind !== "page") redirect(path);
  const draft = outcome.page;
  const { items } = await published.pageWithId(draft.id);
  return { held, draft, live: items[0], reading: held.isShare ? published : drafts(held.token) };
});
