// Only previews that may be in a frame have this script. There Wagtail's user bar runs the editor's content checks, and
// answers the panel's messages about scrolling; where it does not come, the messages are answered here.
const cms = document.currentScript.dataset.cms;
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

const tell = (message) => window.parent.postMessage({ wagtail: { ...message, origin: window.location.origin } }, cms);
const hasUserBar = () => customElements.get("wagtail-userbar") !== undefined;

async function includeUserBar() {
  const response = await fetch(`${cms}/userbar/`, { credentials: "omit" });
  if (!response.ok) return;
  const bar = document.createRange().createContextualFragment(await response.text());
  for (const script of bar.querySelectorAll("script")) script.async = false;
  document.body.append(bar);
}

if (window.parent !== window) {
  document.documentElement.classList.add("framed");
  let asking;
  // Wagtail draws each change of a draft in a new frame and asks the old one where it was scrolled to; without an answer it
  // waits ten seconds before it shows the new one.
  window.addEventListener("message", (event) => {
    const message = event.origin === cms && event.data ? event.data.wagtail : null;
    if (message?.type === "w-preview:get-scroll-position") {
      if (!hasUserBar()) tell({ type: "w-preview:set-scroll-position", x: window.scrollX, y: window.scrollY });
    } else if (message?.type === "w-preview:set-scroll-position") {
      clearInterval(asking);
      if (!hasUserBar()) window.scrollTo({ left: message.x, top: message.y, behavior: "instant" });
    }
  });
  window.addEventListener("DOMContentLoaded", () => includeUserBar().catch(() => {}));
  window.addEventListener("load", () => {
    const ask = () => tell({ type: "w-preview:request-scroll" });
    // Wagtail listens only once it has heard of this frame's load, which may be later than the first question.
    ask();
    asking = setInterval(ask, PAUSE_MS);
    setTimeout(() => clearInterval(asking), PATIENCE_MS);
  });
}
