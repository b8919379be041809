/** What readers see at an address without a query: each page is drawn once, and again once something on it has changed. */

import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";

import { drawPage, Drawn, type Params, pathIn } from "@/components/draw";
import { published } from "@/lib/cms";

/** None is drawn when the website is built: an image holds no content that could be old. */
export const generateStaticParams = () => [];

const draw = cache(async (path: string) => {
  const outcome = await published.find(path);
  // The proxy sends here what is there; it may have gone a moment ago.
  if (outcome.kind !== "page") notFound();
  return { page: outcome.page, drawing: (await drawPage(published, outcome.page, {})) ?? notFound() };
});

export async function generateMetadata(props: Params): Promise<Metadata> {
  return (await draw(await pathIn(props))).drawing.metadata;
}

export default async function Page(props: Params) {
  const path = await pathIn(props);
  const { page, drawing } = await draw(path);
  return <Drawn drawing={drawing} path={path} page={page} />;
}
