/**
 * What a draft does in the CMS's frame: Wagtail's user bar runs the editor's content checks and answers the panel's messages about
 * scrolling; where it does not come, the messages are answered here.
 */

const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/** Begin, where this window is a frame of the CMS. */
export function framed(cms: string): void {
  if (window.parent === window) return;
  const tell = (message: object): void =>
    window.parent.postMessage({ wagtail: { ...message, origin: window.location.origin } }, cms);
  const hasUserBar = (): boolean => customElements.get("wagtail-userbar") !== undefined;
  // Wagtail draws each change of a draft in a new frame and asks the old one where it was scrolled to; without an answer it
  // waits ten seconds before it shows the new one.
  window.addEventListener("message", (event) => {
    const message = event.origin === cms ? event.data?.wagtail : null;
    if (message?.type === "w-preview:get-scroll-position" && !hasUserBar()) {
      tell({ type: "w-preview:set-scroll-position", x: window.scrollX, y: window.scrollY });
    } else if (message?.type === "w-preview:set-scroll-position") {
      clearInterval(asking);
      if (!hasUserBar()) window.scrollTo({ left: message.x, top: message.y, behavior: "instant" });
    }
  });
  includeUserBar(cms).catch((error: Error) => console.warn(`There is no user bar: ${error.message}`));
  // Wagtail listens only once it has heard of this frame's load, which may be later than the first question.
  const asking = setInterval(() => tell({ type: "w-preview:request-scroll" }), PAUSE_MS);
  setTimeout(() => clearInterval(asking), PATIENCE_MS);
}

async function includeUserBar(cms: string): Promise<void> {
  const response = await fetch(`${cms}/userbar/`, { credentials: "omit" });
  if (!response.ok) return;
  const bar = document.createRange().createContextualFragment(await response.text());
  for (const script of bar.querySelectorAll("script")) script.async = false;
  document.body.append(bar);
}
