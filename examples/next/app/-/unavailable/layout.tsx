import type { ReactNode } from "react";

import { Document, icons } from "@/components/Document";

export const metadata = { icons, title: "Please try again soon", robots: "noindex" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <Document language="en">
      <main>{children}</main>
    </Document>
  );
}
