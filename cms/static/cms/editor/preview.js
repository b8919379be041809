// Says in the preview's panel that the website is not there, where a browser shows a grey face, and brings the preview
// back when the website is there again. Tries again, too, when what was typed could not be sent to the preview.
(() => {
  const PANEL = "[data-controller~='w-preview']";
  const FRAME = "iframe[data-w-preview-target~='iframe']";
  const NEW_TAB = "[data-w-preview-target~='newTab']";
  const GONE = "cms-preview--gone";
  const LOOK_AGAIN_AFTER = 3_000;
  const WAIT_FOR = 8_000;
  const TRY_AGAIN_AFTER = 15_000;

  let looking = null;
  let trying = null;

  // Whatever it answers, it is there; nothing can be read of an answer from another origin.
  const isThere = (origin) =>
    fetch(`${origin}/`, {
      cache: "no-store",
      credentials: "omit",
      method: "HEAD",
      mode: "no-cors",
      signal: AbortSignal.timeout(WAIT_FOR),
    }).then(
      () => true,
      () => false,
    );

  const update = (panel) => panel.setAttribute("data-w-preview-stale-value", "true");

  const look = async (panel) => {
    const frontend = panel.querySelector("[data-cms-frontend]");
    if (!frontend || !panel.isConnected) return;
    clearTimeout(looking);
    const isGone = !(await isThere(frontend.dataset.cmsFrontend));
    const wasGone = panel.classList.contains(GONE);
    panel.classList.toggle(GONE, isGone);
    frontend.querySelector("p").hidden = !isGone;
    clearTimeout(looking);
    if (isGone) looking = setTimeout(() => look(panel), LOOK_AGAIN_AFTER);
    else if (wasGone) update(panel);
  };

  // These events do not bubble. A frame has loaded when it shows a page, or that there is none.
  document.addEventListener(
    "load",
    ({ target }) => {
      if (target instanceof HTMLIFrameElement && target.matches(FRAME) && target.src) {
        look(target.closest(PANEL));
      }
    },
    true,
  );

  document.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest(`.${GONE} ${NEW_TAB}`)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );

  document.addEventListener("w-preview:error", ({ target }) => {
    clearTimeout(trying);
    trying = setTimeout(() => update(target), TRY_AGAIN_AFTER);
  });
})();
