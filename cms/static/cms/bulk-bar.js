// The bar of bulk actions shows those that can be done on at least one of the selected objects.
(() => {
  const BUTTONS = "[data-bulk-action-footer] [data-bulk-action-button]";

  function show() {
    const selected = document.querySelectorAll("[data-bulk-action-checkbox]:checked");
    const marked = [...selected].filter((box) => box.dataset.allowedActions);
    const allowed = new Set(marked.flatMap((box) => box.dataset.allowedActions.split(" ")));
    document.querySelectorAll(BUTTONS).forEach((button) => {
      const type = new URL(button.href || button.getAttribute("href"), window.location.href)
        .pathname.split("/")
        .filter(Boolean)
        .pop();
      // Lists that do not mark their objects show everything, as without this script.
      button.closest("li").hidden = marked.length > 0 && !allowed.has(type);
    });
  }

  // Selecting all sends events that do not bubble, one after the other.
  document.addEventListener("change", () => requestAnimationFrame(show), true);
})();
