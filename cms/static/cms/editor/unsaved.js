// Mends how Wagtail 8.0 notices that a form holds something that is not saved. It did not, when
// - the form came back with errors: it took the first save for the last, and never looked at the form again;
// - somebody typed within two seconds of the page's opening: that became what the form was compared with;
// - somebody typed while a save was under way: what the form held at its end counted as saved;
// - somebody left right after the last key;
// - a save failed: it was tried again after the next key only.
// It did, when nothing was typed: the buttons of a workflow add to the form.
// A system check (cms.W010) says when Wagtail has changed, so that this may not be needed any more.
(() => {
  const IDENTIFIER = "w-unsaved";
  // Each comes before what it does to the form; a click comes after.
  const FIRST_TOUCHES = ["beforeinput", "cut", "drop", "keydown", "paste", "pointerdown"];
  const TRY_AGAIN_AFTER = 15_000;

  const { text } = window.cmsEditor;
  const { app } = window.wagtail;
  const Wagtails = app.router.modules.find(
    (module) => module.identifier === IDENTIFIER,
  ).controllerConstructor;

  // What fields held before somebody typed into them while the page was still loading.
  const early = new Map();
  const rememberEarly = ({ isTrusted, target }) => {
    const isField = target.name && "defaultValue" in target && target.type !== "hidden";
    if (isTrusted && isField && !early.has(target.name)) early.set(target.name, target.value);
  };
  window.addEventListener("beforeinput", rememberEarly, true);

  class UnsavedController extends Wagtails {
    #saving = null;
    #sent = null;
    #retry = null;

    initialize() {
      super.initialize();
      this.beforeFirstTouch = this.beforeFirstTouch.bind(this);
      this.saving = this.saving.bind(this);
      this.failed = this.failed.bind(this);
      this.tryAgain = this.tryAgain.bind(this);
    }

    connect() {
      super.connect();
      window.removeEventListener("beforeinput", rememberEarly, true);
      FIRST_TOUCHES.forEach((type) => window.addEventListener(type, this.beforeFirstTouch, true));
      this.element.addEventListener("w-autosave:save", this.saving);
      this.element.addEventListener("w-autosave:error", this.failed);
      window.addEventListener("online", this.tryAgain);
    }

    disconnect() {
      super.disconnect();
      FIRST_TOUCHES.forEach((type) => window.removeEventListener(type, this.beforeFirstTouch, true));
      this.element.removeEventListener("w-autosave:save", this.saving);
      this.element.removeEventListener("w-autosave:error", this.failed);
      window.removeEventListener("online", this.tryAgain);
      clearTimeout(this.#retry);
    }

    get formData() {
      return text(new FormData(this.element));
    }

    /** Starts to look at the form, one with errors too. */
    checkIntervalValueChanged(interval) {
      const isForced = this.forceValue;
      this.forceValue = false;
      super.checkIntervalValueChanged(interval);
      this.forceValue = isForced;
      if (!isForced) return;
      this.hasEditsValue = true;
      this.notify();
    }

    /** Takes what the form holds for what it is compared with: before the first touch, or after two seconds without. */
    setInitialFormData() {
      if (this.initialFormData) return;
      const data = new FormData(this.element);
      early.forEach((value, name) => data.set(name, value));
      early.clear();
      this.#compareWith(text(data));
    }

    beforeFirstTouch({ isTrusted }) {
      if (isTrusted) this.setInitialFormData();
    }

    /** Remembers what is sent: only that is saved afterwards. */
    saving(event) {
      if (!this.confirmationValue) {
        event.preventDefault();
        return;
      }
      this.#saving = event;
      this.#sent = event.detail.formData;
    }

    /** Compares with what was saved from now on, and goes on if more has been typed since. */
    clear(event) {
      this.forceValue = false;
      this.hasCommentsValue = false;
      const saved = new FormData();
      (this.#sent || new FormData(this.element)).forEach((value, name) => saved.append(name, value));
      Object.entries(event?.detail?.response?.field_updates || {}).forEach(([name, value]) =>
        saved.set(name, value),
      );
      this.#saving = null;
      this.#compareWith(text(saved));
      this.hasEditsValue = false;
      this.check();
    }

    failed({ detail: { type } }) {
      this.#saving = null;
      clearTimeout(this.#retry);
      if (["network_error", "server_error"].includes(type)) {
        this.#retry = setTimeout(this.tryAgain, TRY_AGAIN_AFTER);
      }
    }

    tryAgain() {
      if (this.hasEditsValue && this.confirmationValue) this.notify();
    }

    confirm(event) {
      this.hasChanges();
      super.confirm(event);
    }

    /** Stops looking: what is submitted is saved by that, and must not be saved a second time. */
    submit() {
      super.submit();
      clearInterval(this.checkInterval);
      clearTimeout(this.#retry);
      this.notify.cancel?.();
      this.#saving?.preventDefault();
    }

    #compareWith(formText) {
      this.initialFormData = formText;
      this.previousFormData = formText;
      this.dispatch("watch-edits", {
        cancelable: false,
        detail: { initialFormData: formText },
      });
    }
  }

  app.register(IDENTIFIER, UnsavedController);
})();
