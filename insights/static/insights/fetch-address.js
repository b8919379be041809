/* Fills in the form of a new insight with what the page at its address says of itself. */
(() => {
  const FIELDS = ["title", "source", "summary", "published_on", "alternative_text"];
  const field = (form, name) => form.elements[`new-insight-${name}`];

  const ask = (form, what, address) => {
    // The form is sent to `…/create/`; what is asked for stands beside that.
    const place = new URL(`../${what}/`, new URL(form.getAttribute("action"), window.location.href));
    place.search = new URLSearchParams({ address });
    return fetch(place, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  };

  const setPicture = (form, files, url) => {
    const input = field(form, "picture");
    if (!input) return;
    input.files = files;
    field(form, "picture_is").value = files.length ? "fetched" : "";
    let shown = form.querySelector("[data-fetched-picture]");
    if (!shown) {
      shown = document.createElement("img");
      shown.dataset.fetchedPicture = "";
      shown.alt = "";
      shown.style.cssText = "display: block; max-width: 20rem; max-height: 12rem; margin-top: .5rem";
      input.after(shown);
    }
    shown.hidden = !files.length;
    shown.src = url;
  };

  const fetchPicture = async (form, address) => {
    const response = await ask(form, "picture", address);
    if (!response.ok) return false;
    const blob = await response.blob();
    const files = new DataTransfer();
    const ending = blob.type.split("/")[1] || "bin";
    files.items.add(new File([blob], `${new URL(address).hostname}.${ending}`, { type: blob.type }));
    setPicture(form, files.files, URL.createObjectURL(blob));
    return true;
  };

  const fill = async (form) => {
    const address = field(form, "external_url").value.trim();
    const status = form.querySelector("[data-fetch-status]");
    if (!address || form.dataset.asking) return;
    form.dataset.asking = "yes";
    status.textContent = status.dataset.fetching;
    try {
      const response = await ask(form, "suggestion", address);
      const found = await response.json();
      if (!response.ok) {
        status.textContent = found.error || "";
        return;
      }
      FIELDS.forEach((name) => {
        const input = field(form, name);
        // What the editor wrote stays; what an earlier address gave does not.
        if (input.value && input.value !== (input.dataset.fetched ?? input.defaultValue)) return;
        input.value = found[name] || input.defaultValue;
        input.dataset.fetched = input.value;
      });
      const input = field(form, "picture");
      if (input && (!input.files.length || field(form, "picture_is").value)) {
        setPicture(form, new DataTransfer().files, "");
        if (found.image) await fetchPicture(form, found.image);
      }
      status.textContent = "";
    } catch {
      status.textContent = "";
    } finally {
      delete form.dataset.asking;
    }
  };

  const formOf = (event) => {
    const form = event.target.closest?.("form[data-chooser-modal-creation-form]");
    return form && field(form, "external_url") ? form : null;
  };

  document.addEventListener("click", (event) => {
    const form = event.target.closest?.("[data-fetch-address]") && formOf(event);
    if (form) fill(form);
  });
  document.addEventListener("paste", (event) => {
    const form = formOf(event);
    // Once what is pasted stands in the field.
    if (form && event.target === field(form, "external_url")) setTimeout(() => fill(form));
  });
  document.addEventListener("change", (event) => {
    const form = formOf(event);
    if (form && event.target === field(form, "picture")) {
      field(form, "picture_is").value = "";
      const shown = form.querySelector("[data-fetched-picture]");
      if (shown) shown.hidden = true;
    }
  });
})();
