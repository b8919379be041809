/** One side of a comparison: the draft, or what is live now, without a banner. */

import { pathOf, readable } from "@headless-cms/next";

import { drawMissing, drawPage, Drawn, pathIn } from "@/components/draw";
import { published } from "@/lib/cms";
import { bothAt } from "@/lib/drafts";

export default async function Page(props: { params: Promise<{ as: string; path?: string[] }> }) {
  const path = await pathIn(props);
  const isLive = (await props.params).as === "published";
  const { draft, live, reading } = await bothAt(path);
  const page = isLive ? live : draft;
  const drawing = page && (await drawPage(isLive ? published : reading, page, {}));
  if (!drawing) return <Drawn drawing={await drawMissing(published, path, "missing")} path={path} />;
  return <Drawn drawing={drawing} path={readable(pathOf(page))} page={page} />;
}
