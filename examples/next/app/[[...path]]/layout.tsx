import type { ReactNode } from "react";

import { Document, icons } from "@/components/Document";
import { type Params, pathIn } from "@/components/draw";
import { published } from "@/lib/cms";
import { siteAt } from "@/lib/languages";

export const metadata = { icons };

export default async function Layout({ children, ...props }: Params & { children: ReactNode }) {
  const path = await pathIn(props);
  const outcome = await published.find(path);
  const page = outcome.kind === "page" ? outcome.page : undefined;
  const language = page?.meta.locale ?? (await siteAt(published, path)).meta.locale;
  return <Document language={language}>{children}</Document>;
}
