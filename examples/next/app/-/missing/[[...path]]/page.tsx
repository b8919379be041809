/** What readers see where there is nothing, or nothing any more: kept as pages are, until something comes there. */

import type { Metadata } from "next";

import { drawMissing, Drawn, type Params, pathIn } from "@/components/draw";
import { published } from "@/lib/cms";

export const generateStaticParams = () => [];

async function draw(path: string) {
  const { kind } = await published.find(path);
  return drawMissing(published, path, kind === "gone" ? "gone" : "missing");
}

export async function generateMetadata(props: Params): Promise<Metadata> {
  return (await draw(await pathIn(props))).metadata;
}

export default async function Page(props: Params) {
  const path = await pathIn(props);
  return <Drawn drawing={await draw(path)} path={path} />;
}
