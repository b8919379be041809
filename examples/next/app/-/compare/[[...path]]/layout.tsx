import type { ReactNode } from "react";

import { Document, icons } from "@/components/Document";

export const metadata = { icons, title: "Comparison", robots: "noindex" };

export default function Layout({ children }: { children: ReactNode }) {
  return <Document language="en">{children}</Document>;
}
