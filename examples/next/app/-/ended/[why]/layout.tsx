import type { ReactNode } from "react";

import { Document, icons } from "@/components/Document";

export const metadata = { icons, title: "Preview", robots: "noindex" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <Document language="en">
      <main>{children}</main>
    </Document>
  );
}
