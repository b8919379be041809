"use client";

import { useEffect } from "react";

const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

// While a website is developed React runs each effect twice, and a page has one user bar.
let userBar: Promise<void> | undefined;

/**
 * What a preview does in the CMS's frame: Wagtail's user bar runs the editor's content checks and answers the panel's
 * messages about scrolling; where it does not come, the messages are answered here.
 */
export function Framed({ cms }: { cms: string }): null {
  useEffect(() => {
    if (window.parent === window) return;
    document.documentElement.classList.add("framed");
    const tell = (message: object): void =>
      window.parent.postMessage({ wagtail: { ...message, origin: window.location.origin } }, cms);
    const hasUserBar = (): boolean => customElements.get("wagtail-userbar") !== undefined;
    const ask = (): void => tell({ type: "w-preview:request-scroll" });
    // Wagtail draws each change of a draft in a new frame and asks the old one where it was scrolled to; without an answer
    // it waits ten seconds before it shows the new one.
    const listen = (event: MessageEvent<{ wagtail?: { type: string; x: number; y: number } } | null>): void => {
      const message = event.origin === cms ? event.data?.wagtail : null;
      if (message?.type === "w-preview:get-scroll-position" && !hasUserBar()) {
        tell({ type: "w-preview:set-scroll-position", x: window.scrollX, y: window.scrollY });
      } else if (message?.type === "w-preview:set-scroll-position") {
        clearInterval(asking);
        window.scrollTo({ left: message.x, top: message.y, behavior: "instant" });
      }
    };
    window.addEventListener("message", listen);
    userBar ??= includeUserBar(cms);
    userBar.catch((error: Error) => console.warn(`There is no user bar: ${error.message}`));
    // Wagtail listens only once it has heard of this frame's load, which may be later than the first question.
    const asking = setInterval(ask, PAUSE_MS);
    const tired = setTimeout(() => clearInterval(asking), PATIENCE_MS);
    return () => {
      window.removeEventListener("message", listen);
      clearInterval(asking);
      clearTimeout(tired);
    };
  }, [cms]);
  return null;
}

async function includeUserBar(cms: string): Promise<void> {
  const response = await fetch(`${cms}/userbar/`, { credentials: "omit" });
  if (!response.ok) return;
  const bar = document.createRange().createContextualFragment(await response.text());
  for (const script of bar.querySelectorAll("script")) script.async = false;
  document.body.append(bar);
}
