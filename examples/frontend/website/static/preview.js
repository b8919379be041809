// Only previews have this script. Wagtail draws each change of a draft in a new frame and asks the old one where it was
// scrolled to; without an answer it waits ten seconds before it shows the new one.
const cms = document.currentScript.dataset.cms;
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

const tell = (message) => window.parent.postMessage({ wagtail: { ...message, origin: window.location.origin } }, cms);

if (window.parent !== window) {
  let asking;
  window.addEventListener("message", (event) => {
    const message = event.origin === cms && event.data ? event.data.wagtail : null;
    if (message?.type === "w-preview:get-scroll-position") {
      tell({ type: "w-preview:set-scroll-position", x: window.scrollX, y: window.scrollY });
    } else if (message?.type === "w-preview:set-scroll-position") {
      clearInterval(asking);
      window.scrollTo({ left: message.x, top: message.y, behavior: "instant" });
    }
  });
  window.addEventListener("load", () => {
    const ask = () => tell({ type: "w-preview:request-scroll" });
    // Wagtail listens only once it has heard of this frame's load, which may be later than the first question.
    ask();
    asking = setInterval(ask, PAUSE_MS);
    setTimeout(() => clearInterval(asking), PATIENCE_MS);
  });
}
