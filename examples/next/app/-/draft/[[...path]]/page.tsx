/** What whoever holds a credential sees: drafts, with a banner, drawn for each request and never kept. */

import { PreviewBar } from "@headless-cms/next/components";
import type { Metadata } from "next";

import { type Asked, drawMissing, drawPage, drawSearch, Drawn, pathIn } from "@/components/draw";
import { CMS_URL } from "@/lib/cms";
import { draftAt } from "@/lib/drafts";
import type { Query } from "@/lib/listings";

async function draw(path: string, query: Query) {
  const { held, state, page, reading } = await draftAt(path);
  const drawing = page ? await drawPage(reading, page, query) : await drawSearch(reading, path, query);
  return { held, state, page, drawing: drawing ?? (await drawMissing(reading, path, "missing")) };
}

export async function generateMetadata(props: Asked): Promise<Metadata> {
  const { drawing } = await draw(await pathIn(props), await props.searchParams);
  return { ...drawing.metadata, robots: "noindex" };
}

export default async function Page(props: Asked) {
  const path = await pathIn(props);
  const { held, state, page, drawing } = await draw(path, await props.searchParams);
  const { isShare, showsPublished } = held;
  const banner = <PreviewBar cms={CMS_URL} path={path} isShare={isShare} showsPublished={showsPublished} state={state} />;
  return <Drawn drawing={drawing} path={path} banner={banner} {...(page ? { page } : {})} />;
}
