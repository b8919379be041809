/* Says above the form of a page what it chose and readers would not see; again after each save, whoever asked for it. */
(() => {
  const address = document.currentScript.dataset.address;
  let asked = 0;

  const tell = async () => {
    // A page that was never saved has no id yet; Wagtail changes the address with the first save.
    const [, page] = window.location.pathname.match(/\/pages\/(\d+)\/edit\/$/) || [];
    const form = document.querySelector("form[data-edit-form]");
    if (!page || !form) return;
    asked += 1;
    const mine = asked;
    let html;
    try {
      const response = await fetch(address.replace("/0/", `/${page}/`));
      // The login page, say, is no notice.
      if (!response.ok || response.redirected) return;
      html = await response.text();
    } catch {
      return;
    }
    if (mine !== asked) return;
    let notice = document.getElementById("chosen-notice");
    if (!notice) {
      notice = document.createElement("div");
      notice.id = "chosen-notice";
      notice.setAttribute("role", "status");
      form.before(notice);
    }
    if (notice.innerHTML !== html) notice.innerHTML = html;
  };

  document.addEventListener("DOMContentLoaded", tell);
  document.addEventListener("w-autosave:success", tell);
})();
