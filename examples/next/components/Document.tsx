import type { Metadata } from "next";
import type { ReactNode } from "react";

import "@/app/site.css";

export const icons: Metadata["icons"] = { icon: ["/favicon.ico", "/favicon.svg"], apple: "/apple-touch-icon.png" };

/** The document of every page, in a language. */
export function Document({ language, head, children }: { language: string; head?: ReactNode; children: ReactNode }) {
  return (
    <html lang={language}>
      {head && <head>{head}</head>}
      <body>{children}</body>
    </html>
  );
}
