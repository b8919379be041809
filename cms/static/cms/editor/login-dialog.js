// The dialog in which somebody logs in again without leaving the page that they have typed into.
(() => {
  const template = document.getElementById("cms-session");
  const ask = window.fetch.bind(window);

  class LogInDialog {
    /** `owner` is who opened the page, `session` asks whose session it is, `mayGoOn` whether somebody else may save. */
    constructor({ owner, session, mayGoOn }) {
      this.owner = owner;
      this.session = session;
      this.mayGoOn = mayGoOn;
      this.element = template.content.querySelector("dialog").cloneNode(true);
      this.form = this.element.querySelector("[data-form]");
      this.answer = new Promise((resolve) => {
        this.resolve = resolve;
      });
      this.element.addEventListener("close", () => this.end(null));
      this.element.addEventListener("click", ({ target }) => this.chosen(target.closest("button")));
      this.element.addEventListener("submit", (event) => {
        event.preventDefault();
        // The editor's own handlers are for the editor's own form.
        event.stopPropagation();
        this.logIn(event.target);
      });
      this.whenBack = () => this.look();
      window.addEventListener("focus", this.whenBack);
      // Whoever signs in in another window is not always back in this one.
      this.signedIn = new BroadcastChannel("cms-signed-in");
      this.signedIn.addEventListener("message", this.whenBack);
    }

    /** Show what `session` asks for, and return a promise of the session to go on with, or of null for "not now". */
    async open(session) {
      document.body.append(this.element);
      const focused = document.activeElement;
      await this.take(session);
      if (!this.isOver) this.element.showModal();
      this.focusFirst();
      const answer = await this.answer;
      if (focused?.isConnected) focused.focus();
      return answer;
    }

    end(session) {
      if (this.isOver) return;
      this.isOver = true;
      window.removeEventListener("focus", this.whenBack);
      this.signedIn.close();
      this.element.remove();
      this.resolve(session);
    }

    /** Go on with the page's owner; ask what to do with anybody else. */
    async take(session) {
      this.now = session;
      if (session.user && session.user === this.owner.user) {
        this.end(session);
      } else if (session.user) {
        this.show("somebody-else");
      } else if (!this.form.hasChildNodes()) {
        await this.showForm();
      }
    }

    /** See whether somebody has logged in in another tab. */
    async look() {
      const session = await this.session().catch(() => null);
      if (session && session.user !== this.now.user && !this.isOver) await this.take(session);
    }

    async showForm() {
      await this.fill(ask(template.dataset.logInUrl));
      this.show("logged-out");
    }

    async logIn(form) {
      await this.fill(ask(form.action, { method: "POST", body: new FormData(form) }));
    }

    /** Show the form that comes as an answer, or take the session of whoever has logged in. */
    async fill(request) {
      this.say("[data-no-access], [data-no-answer]", false);
      try {
        const response = await request;
        if (response.headers.get("Content-Type").startsWith("application/json")) {
          const session = await response.json();
          if (session.user) await this.take(session);
          this.say("[data-no-access]", !session.user);
          return;
        }
        if (!response.ok) throw new Error(`The login answers ${response.status}.`);
        this.form.innerHTML = await response.text();
        const name = this.form.querySelector("[name=username]");
        if (name && !name.value) name.value = this.owner.username;
        this.focusFirst();
      } catch {
        this.say("[data-no-answer]", true);
      }
    }

    async chosen(button) {
      if (!button) return;
      if ("dismiss" in button.dataset) this.end(null);
      if ("logInAsOwner" in button.dataset) await this.showForm();
      if ("goOn" in button.dataset) {
        const may = await this.mayGoOn().catch(() => false);
        if (may) this.end(this.now);
        this.say("[data-no-permission]", !may);
      }
    }

    show(state) {
      this.element.querySelectorAll("[data-state]").forEach((section) => {
        const isShown = section.dataset.state === state;
        section.hidden = !isShown;
        if (!isShown) return;
        section.querySelector("h2").id = "cms-dialog-title";
        section.querySelector("p").id = "cms-dialog-text";
      });
      this.element.querySelectorAll("[data-state][hidden] [id^=cms-dialog-]").forEach((part) => {
        part.removeAttribute("id");
      });
      const names = { "[data-owner]": this.owner.name, "[data-now]": this.now.name };
      Object.entries(names).forEach(([selector, name]) =>
        this.element.querySelectorAll(selector).forEach((part) => {
          part.textContent = name;
        }),
      );
      this.say("[data-no-permission]", false);
      this.say("[data-log-in-as-owner]", Boolean(this.owner.user));
      this.focusFirst();
    }

    say(selector, isShown) {
      this.element.querySelectorAll(selector).forEach((part) => {
        part.hidden = !isShown;
      });
    }

    /** Focus the first field that still has to be filled, or the first button or link. */
    focusFirst() {
      const section = this.element.querySelector("[data-state]:not([hidden])");
      const fields = [...(section?.querySelectorAll("input:not([type=hidden])") || [])];
      const empty = fields.find((field) => !field.value);
      (empty || section?.querySelector("a.button, button:not([hidden])"))?.focus();
    }
  }

  window.cmsEditor = { ...window.cmsEditor, LogInDialog };
})();
