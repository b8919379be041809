import type { ReactNode } from "react";

import { Document, icons } from "@/components/Document";
import { type Params, pathIn } from "@/components/draw";
import { bothAt } from "@/lib/drafts";

export const metadata = { icons, robots: "noindex" };

/** A link in one of the sides of a comparison leads out of it. */
export default async function Layout({ children, ...props }: Params & { children: ReactNode }) {
  const { draft } = await bothAt(await pathIn(props));
  return (
    <Document language={draft.meta.locale} head={<base target="_top" />}>
      {children}
    </Document>
  );
}
