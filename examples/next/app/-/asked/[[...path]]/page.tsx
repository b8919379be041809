/** What readers see at an address with a query, and the search: drawn for each request, from answers that are kept. */

import type { Metadata } from "next";
import { cache } from "react";

import { type Asked, drawMissing, drawPage, drawSearch, Drawn, pathIn } from "@/components/draw";
import { published } from "@/lib/cms";
import type { Query } from "@/lib/listings";

const draw = cache(async (path: string, query: Query) => {
  const outcome = await published.find(path);
  const page = outcome.kind === "page" ? outcome.page : undefined;
  const drawing = page ? await drawPage(published, page, query) : await drawSearch(published, path, query);
  return drawing ? { page, drawing } : { page: undefined, drawing: await drawMissing(published, path, "missing") };
});

export async function generateMetadata(props: Asked): Promise<Metadata> {
  return (await draw(await pathIn(props), await props.searchParams)).drawing.metadata;
}

export default async function Page(props: Asked) {
  const path = await pathIn(props);
  const { page, drawing } = await draw(path, await props.searchParams);
  return <Drawn drawing={drawing} path={path} {...(page ? { page } : {})} />;
}
