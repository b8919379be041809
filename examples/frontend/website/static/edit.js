// Only an editor's previews have this script. What can be edited is outlined beneath the pointer, and has a link that is
// reached by keyboard too. In the CMS's frame a click focuses the field in the form beside it; elsewhere it leads there.
(() => {
  const { cms } = document.currentScript.dataset;
  const isFramed = window.parent !== window;
  // These do something else when they are clicked, so that only the link edits what they are in.
  const BUSY = "a, button, input, label, select, summary, textarea, iframe, video";

  const links = new Map();
  const parts = new Map();
  let shown = null;

  const lead = (address) => {
    if (isFramed) window.parent.postMessage({ frontendApi: { edit: address } }, cms);
    else window.location.assign(address);
  };

  const place = (part) => {
    const link = links.get(part);
    const { right, top } = part.getBoundingClientRect();
    // At the corner of the part, and within the window, however large the part is.
    const end = Math.min(right, document.documentElement.clientWidth);
    link.style.left = `${Math.max(end - link.offsetWidth, 0) + window.scrollX}px`;
    link.style.top = `${Math.max(top - link.offsetHeight, 0) + window.scrollY}px`;
  };

  const show = (part) => {
    if (part === shown) return;
    shown?.classList.remove("edited");
    links.get(shown)?.classList.remove("shown");
    shown = part;
    if (!part) return;
    part.classList.add("edited");
    links.get(part).classList.add("shown");
    place(part);
  };

  // A link belongs to the part that it edits.
  const partAt = (element) => parts.get(element.closest(".edit-here a")) ?? element.closest("[data-edit]");

  const list = document.createElement("nav");
  list.className = "edit-here";
  list.id = "edit-here";
  list.setAttribute("aria-label", "Edit what is shown");
  for (const part of document.querySelectorAll("[data-edit]")) {
    const address = part.dataset.edit;
    // A page that was never saved has a form beside its preview, and no address yet.
    if (address.startsWith("#") && !isFramed) {
      delete part.dataset.edit;
      continue;
    }
    const link = document.createElement("a");
    link.href = address;
    link.textContent = `Edit ${part.dataset.editName}`;
    list.append(link);
    links.set(part, link);
    parts.set(link, part);
  }
  document.body.append(list);

  let pointer = "";
  document.addEventListener("mouseover", ({ target, screenX, screenY }) => {
    // What is scrolled beneath a pointer at rest, as to what has the focus, is not pointed at.
    if (pointer === (pointer = `${screenX} ${screenY}`)) return;
    show(partAt(target));
  });
  document.addEventListener("mouseleave", () => show(null));
  document.addEventListener("focusin", ({ target }) => {
    const part = partAt(target);
    if (!part) return;
    if (list.contains(target)) part.scrollIntoView({ block: "nearest", behavior: "instant" });
    show(part);
  });
  document.addEventListener("click", (event) => {
    const part = partAt(event.target);
    const isLink = list.contains(event.target);
    if (!part || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Whoever marks a text to copy it, or clicks on a link in it, means that.
    if (!isLink && (event.target.closest(BUSY) || !window.getSelection().isCollapsed)) return;
    event.preventDefault();
    lead(part.dataset.edit);
  });
})();
