// Sends the editor's form only when it will be taken: by somebody who is logged in, to a CMS that answers. Until then
// the page with what was typed stays where it is.
(() => {
  const FORM = "[data-edit-form]";
  const { ensureSession, savesUnderWay, unreachable } = window.cmsEditor;
  const cleared = new WeakSet();
  const waiting = new WeakSet();

  /** Stop the buttons that say that they are working. */
  const rest = () => {
    document.querySelectorAll("[data-controller~='w-progress']").forEach((button) => {
      button.setAttribute("data-w-progress-loading-value", "false");
    });
  };

  const tell = (text) => {
    document.dispatchEvent(
      new CustomEvent("w-messages:add", { detail: { clear: true, text, type: "error" } }),
    );
  };

  const submit = (form, submitter) => {
    cleared.add(form);
    // A button that is disabled, as one that says that it is working, would not be sent with the form.
    const isDisabled = submitter?.disabled;
    if (isDisabled) submitter.disabled = false;
    form.requestSubmit(submitter?.isConnected ? submitter : null);
    if (isDisabled) submitter.disabled = true;
    cleared.delete(form);
  };

  const guard = async (form, submitter) => {
    waiting.add(form);
    try {
      if (await ensureSession({ insists: true })) {
        await savesUnderWay();
        submit(form, submitter);
      } else {
        rest();
      }
    } catch {
      rest();
      tell(unreachable);
    } finally {
      waiting.delete(form);
    }
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches(FORM) || cleared.has(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!waiting.has(form)) guard(form, event.submitter);
    },
    true,
  );

  // The windows of workflows submit the form without saying so to anybody.
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector(FORM);
    if (form) form.submit = () => form.requestSubmit();
  });
})();
