// Focuses in the form what an editor has clicked on in the preview beside it, and what the fragment of an address names,
// as the API gives it to previews in `meta.draft.edit`.
(() => {
  // Frontends whose previews the panel may have in its frame.
  const origins = document.currentScript.dataset.origins.split(" ");
  const FRAME = "iframe[data-w-preview-target~='iframe']";
  const WRITTEN_IN = "[contenteditable='true'], input:not([type='hidden']), select, textarea";
  const CHOSEN_WITH = "a[href], button";
  const MOST_FRAMES = 60;
  const CHILD = /^inline_child_(\w+)-(\d+)-panel-section$/;
  const OF_ITS_OWN = /^(block-[\w-]+-section|id_\w+-FORMS)$/;

  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true });

  // Editors move inline children, which keep the numbers that they had: the order of readers is that of `ORDER`.
  const childAt = (relation, place) => {
    const order = ({ id }) => Number(document.getElementById(`${id.replace("inline_child_", "id_")}-ORDER`)?.value);
    const children = [...document.querySelectorAll(`#id_${relation}-FORMS > [data-inline-panel-child]`)];
    const kept = children.filter(isVisible).sort((one, other) => order(one) - order(other));
    return kept[place] ?? null;
  };

  const find = (fragment) => {
    const [id, directive = ""] = fragment.split(":w:");
    const path = new URLSearchParams(directive).get("contentpath");
    if (path) {
      const steps = path.split(".").map((step) => `[data-contentpath="${CSS.escape(step)}"]`);
      return document.querySelector(steps.join(" "));
    }
    const [, relation, place] = id.match(CHILD) ?? [];
    if (relation) return childAt(relation, Number(place));
    return OF_ITS_OWN.test(id) ? document.getElementById(id) : null;
  };

  const reveal = (target) => {
    const tab = target.closest("[role='tabpanel']");
    if (tab?.hidden) document.getElementById(tab.getAttribute("aria-labelledby"))?.click();
    for (let panel = target.closest("[data-panel]"); panel; panel = panel.parentElement.closest("[data-panel]")) {
      panel.querySelector(":scope > .w-panel__header [data-panel-toggle][aria-expanded='false']")?.click();
    }
  };

  const focusInside = (target) => {
    const first = (selector) =>
      [...target.querySelectorAll(selector)].find(
        (element) => isVisible(element) && !element.disabled && !element.closest(".w-panel__header"),
      );
    const isTall = target.offsetHeight > window.innerHeight / 2;
    target.scrollIntoView({ block: isTall ? "start" : "center", behavior: "instant" });
    window.focus();
    (first(WRITTEN_IN) ?? first(CHOSEN_WITH))?.focus({ preventScroll: true });
  };

  // A tab shows its panel a moment after it was chosen.
  const whenShown = (target, act, frames = MOST_FRAMES) => {
    if (isVisible(target)) act(target);
    else if (frames > 0) requestAnimationFrame(() => whenShown(target, act, frames - 1));
  };

  const focusOn = (target) => {
    if (!target) return;
    reveal(target);
    whenShown(target, focusInside);
  };

  const lead = (address) => {
    if (!URL.canParse(address, window.location.href)) return;
    const there = new URL(address, window.location.href);
    if (there.origin !== window.location.origin) return;
    if (there.pathname === window.location.pathname) focusOn(find(there.hash.slice(1)));
    // What is edited elsewhere is opened beside this form, in which something may not be saved yet.
    else window.open(there, "_blank", "noopener");
  };

  window.addEventListener("message", ({ data, origin, source }) => {
    const isPreview = [...document.querySelectorAll(FRAME)].some((frame) => frame.contentWindow === source);
    const address = data?.frontendApi?.edit;
    if (origins.includes(origin) && isPreview && typeof address === "string") lead(address);
  });

  window.addEventListener("load", () => focusOn(find(window.location.hash.slice(1))));
})();
