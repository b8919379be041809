"use client";

import { useEffect } from "react";

// These do something else when they are clicked, so that only the link edits what they are in.
const BUSY = "a, button, input, label, select, summary, textarea, iframe, video";

/**
 * What an editor's previews have besides: what can be edited is outlined beneath the pointer, and has a link that is
 * reached by keyboard too. In the CMS's frame a click focuses the field in the form beside it; elsewhere it leads there.
 */
export function Editing({ cms }: { cms: string }): null {
  useEffect(() => {
    const ending = new AbortController();
    const list = outlined(cms, ending.signal);
    document.body.append(list);
    return () => {
      ending.abort();
      list.remove();
    };
  }, [cms]);
  return null;
}

/** Make what is on the page editable until the signal ends it, and return the links. */
function outlined(cms: string, signal: AbortSignal): HTMLElement {
  const isFramed = window.parent !== window;
  const links = new Map<HTMLElement, HTMLAnchorElement>();
  const parts = new Map<Element | null, HTMLElement>();
  let shown: HTMLElement | null = null;

  const list = document.createElement("nav");
  list.className = "edit-here";
  list.setAttribute("aria-label", "Edit what is shown");
  for (const part of document.querySelectorAll<HTMLElement>("[data-edit]")) {
    const { edit: address = "", editName = "" } = part.dataset;
    // A page that was never saved has a form beside its preview, and no address yet.
    if (address.startsWith("#") && !isFramed) {
      delete part.dataset.edit;
      continue;
    }
    const link = document.createElement("a");
    link.href = address;
    link.textContent = `Edit ${editName}`;
    list.append(link);
    links.set(part, link);
    parts.set(link, part);
  }

  // A link belongs to the part that it edits.
  const partAt = (element: Element): HTMLElement | null =>
    parts.get(element.closest(".edit-here a")) ?? element.closest<HTMLElement>("[data-edit]");

  const show = (part: HTMLElement | null): void => {
    if (part === shown) return;
    if (shown) {
      shown.classList.remove("edited");
      links.get(shown)?.classList.remove("shown");
    }
    shown = part;
    const link = part && links.get(part);
    if (!link) return;
    part.classList.add("edited");
    link.classList.add("shown");
    const { right, top } = part.getBoundingClientRect();
    // At the corner of the part, and within the window, however large the part is.
    const end = Math.min(right, document.documentElement.clientWidth);
    link.style.left = `${Math.max(end - link.offsetWidth, 0) + window.scrollX}px`;
    link.style.top = `${Math.max(top - link.offsetHeight, 0) + window.scrollY}px`;
  };

  let pointer = "";
  const point = ({ target, screenX, screenY }: MouseEvent): void => {
    // What is scrolled beneath a pointer at rest, as to what has the focus, is not pointed at.
    if (pointer === (pointer = `${screenX} ${screenY}`)) return;
    if (target instanceof Element) show(partAt(target));
  };
  const focus = ({ target }: FocusEvent): void => {
    const part = target instanceof Element ? partAt(target) : null;
    if (!part) return;
    if (list.contains(target as Element)) part.scrollIntoView({ block: "nearest", behavior: "instant" });
    show(part);
  };
  const click = (event: MouseEvent): void => {
    const { target } = event;
    const part = target instanceof Element ? partAt(target) : null;
    if (!(target instanceof Element) || !part || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    // Whoever marks a text to copy it, or clicks on a link in it, means that.
    const isMeant = list.contains(target) || (!target.closest(BUSY) && window.getSelection()?.isCollapsed !== false);
    if (!isMeant) return;
    event.preventDefault();
    const address = part.dataset.edit ?? "";
    if (isFramed) window.parent.postMessage({ frontendApi: { edit: address } }, cms);
    else window.location.assign(address);
  };

  document.addEventListener("mouseover", point, { signal });
  document.addEventListener("mouseleave", () => show(null), { signal });
  document.addEventListener("focusin", focus, { signal });
  document.addEventListener("click", click, { signal });
  signal.addEventListener("abort", () => show(null));
  return list;
}
