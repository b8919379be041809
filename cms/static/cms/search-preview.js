// Shows in a page's form how the page looks in a search result and when shared, as one types.
(() => {
  const field = (name) => (name ? document.getElementById(`id_${name}`) : null);
  const oneLine = (text) => (text || "").split(/\s+/u).filter(Boolean).join(" ");
  const typed = (name) => oneLine(field(name)?.value);
  const length = (text) => [...text].length;

  /** Cut a text as search engines do. */
  const cut = (text, most) => {
    const letters = [...text];
    if (letters.length <= most) return text;
    return `${letters.slice(0, most - 1).join("").replace(/\s+\S*$/u, "")} …`;
  };

  /** Return the words of a field, of which rich text is a document of the editor. */
  const words = (name) => {
    const value = field(name)?.value || "";
    if (!value.startsWith("{")) return oneLine(value);
    try {
      return oneLine(JSON.parse(value).blocks.map((block) => block.text).join(" "));
    } catch {
      return oneLine(value);
    }
  };

  class SearchPreview {
    constructor(element) {
      this.element = element;
      this.known = element.dataset;
      this.counters = ["title", "description"].map((name) => this.counter(name));
      this.isWaiting = false;
      const soon = () => this.showSoon();
      const form = element.closest("form");
      // Wagtail derives the slug from the title, and fills choosers, without typing.
      for (const event of ["input", "change", "focusin"]) form.addEventListener(event, soon);
      if (this.chooser) {
        new MutationObserver(soon).observe(this.chooser, {
          attributes: true,
          childList: true,
          subtree: true,
        });
      }
      this.show();
    }

    all(name) {
      return this.element.querySelectorAll(`[data-${name}]`);
    }

    /** Put a counter below the field that it counts, and have it read out with the field. */
    counter(name) {
      const element = this.element.querySelector(`[data-counter="${name}"]`);
      const input = field(name === "title" ? "seo_title" : "search_description");
      input?.closest(".w-field__input, .w-field__wrapper")?.after(element);
      const described = input?.getAttribute("aria-describedby") || "";
      input?.setAttribute("aria-describedby", `${described} ${element.id}`.trim());
      return element;
    }

    showSoon() {
      if (this.isWaiting) return;
      this.isWaiting = true;
      requestAnimationFrame(() => {
        this.isWaiting = false;
        this.show();
      });
    }

    get chooser() {
      return field(`${this.known.imageField}-chooser`);
    }

    /** Return the picture that is shared; of one that was just chosen there is only what the chooser shows. */
    get image() {
      const chosen = field(this.known.imageField)?.value;
      if (!chosen) return this.known.defaultImage;
      if (chosen === this.known.imageId) return this.known.image;
      return this.chooser?.querySelector("img")?.src || this.known.defaultImage;
    }

    get address() {
      const { address } = this.known;
      const slug = typed("slug");
      return this.known.hasSlug === "true" && slug ? `${address}${slug}/` : address;
    }

    show() {
      const title = typed("seo_title") || typed("title") || this.known.noTitle;
      const description =
        typed("search_description") ||
        words(this.known.descriptionField) ||
        this.known.defaultDescription;
      const [ofTitle, ofDescription] = this.counters;
      for (const one of this.all("title")) one.textContent = cut(title, Number(ofTitle.dataset.most));
      for (const one of this.all("description")) {
        one.textContent = cut(description, Number(ofDescription.dataset.most));
      }
      for (const one of this.all("no-description")) one.hidden = description !== "";
      for (const one of this.all("address-shown")) one.textContent = this.address;
      const elsewhere = typed(this.known.elsewhereField) !== "";
      const hidden = Boolean(field(this.known.hiddenField)?.checked);
      for (const one of this.all("elsewhere-note")) one.hidden = !elsewhere;
      for (const one of this.all("hidden-note")) one.hidden = !hidden || elsewhere;
      this.element.classList.toggle("search-preview--hidden", hidden || elsewhere);
      this.showImage();
      this.count(ofTitle, title, typed("seo_title"));
      this.count(ofDescription, description, typed("search_description"));
    }

    showImage() {
      const { image } = this;
      for (const picture of this.all("picture")) {
        picture.hidden = !image;
        if (image && picture.getAttribute("src") !== image) picture.src = image;
      }
      for (const one of this.all("no-picture")) one.hidden = Boolean(image);
    }

    /** Say how long a text is, and tell those who hear the page only when it becomes too long. */
    count(counter, text, own) {
      const isOver = length(text) > Number(counter.dataset.most);
      const counted = isOver ? counter.dataset.over : counter.dataset.text;
      const said = [own ? "" : counter.dataset.else, counted.replace("{count}", length(text))]
        .join(" ")
        .trim();
      const wasOver = counter.classList.contains("search-preview__counter--over");
      counter.textContent = said;
      counter.classList.toggle("search-preview__counter--over", isOver);
      if (isOver && !wasOver) {
        for (const one of this.all("announced")) one.textContent = said;
      }
    }
  }

  const start = () => {
    for (const element of document.querySelectorAll("[data-search-preview]")) {
      if (!element.isStarted) {
        element.isStarted = true;
        new SearchPreview(element);
      }
    }
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
