import type { ReactNode } from "react";

import { Document, icons } from "@/components/Document";
import { type Params, pathIn } from "@/components/draw";
import { draftAt } from "@/lib/drafts";
import { siteAt } from "@/lib/languages";

export const metadata = { icons };

export default async function Layout({ children, ...props }: Params & { children: ReactNode }) {
  const path = await pathIn(props);
  const { page, reading } = await draftAt(path);
  return <Document language={page?.meta.locale ?? (await siteAt(reading, path)).meta.locale}>{children}</Document>;
}
