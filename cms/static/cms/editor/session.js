// Keeps a page of the admin working when its session has ended: whatever asks the CMS in the background (autosave, the
// preview, presence) waits for a dialog in which its user logs in again, and is sent once more with the new token.
(() => {
  const { sessionUrl, logInUrl, wagtailsLogInUrl, ...told } =
    document.getElementById("cms-session").dataset;
  const { LogInDialog } = window.cmsEditor;
  const config = window.wagtailConfig;
  const ask = window.fetch.bind(window);
  const FORM = "[data-edit-form]";
  const underWay = new Set();

  /** Ask whose session this is; fails without a connection. */
  const session = async () => {
    const response = await ask(sessionUrl, { cache: "no-store" });
    if (!response.ok) throw new Error(`The CMS answers ${response.status}.`);
    return response.json();
  };

  let owner = { user: null, username: "", name: told.nobody };
  const known = session().then(
    (found) => {
      if (found.user) owner = found;
    },
    () => {},
  );

  const renew = (token) => {
    config.CSRF_TOKEN = token;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => {
      input.value = token;
    });
  };

  /** Whether whoever is logged in now may open what the form changes. */
  const mayGoOn = async () => {
    const form = document.querySelector(FORM);
    const response = await ask(form.action, { redirect: "manual" });
    return response.ok;
  };

  let asking = null;
  let isDismissed = false;
  let last = null;

  /**
   * Return whether the page's user is logged in, and renew the token if so. Otherwise ask them to log in; once they
   * said "not now", only if they insist.
   */
  const ensure = async ({ insists = false } = {}) => {
    await known;
    last = await session();
    if (last.user && last.user === owner.user) {
      renew(last.token);
      return true;
    }
    if (isDismissed && !insists && !asking) return false;
    asking ||= new LogInDialog({ owner, session, mayGoOn }).open(last).finally(() => {
      asking = null;
    });
    const answer = await asking;
    isDismissed = !answer;
    if (!answer) {
      last = await session();
      return false;
    }
    owner = answer;
    renew(answer.token);
    return true;
  };

  const isLost = (response) =>
    response.status === 403 ||
    (response.redirected && new URL(response.url).pathname === wagtailsLogInUrl);

  const withToken = (init) => {
    const headers = new Headers(init.headers);
    if (headers.has(config.CSRF_HEADER_NAME)) headers.set(config.CSRF_HEADER_NAME, config.CSRF_TOKEN);
    if (init.body instanceof FormData && init.body.has("csrfmiddlewaretoken")) {
      init.body.set("csrfmiddlewaretoken", config.CSRF_TOKEN);
    }
    return { ...init, headers };
  };

  const wantsJSON = (init) => new Headers(init.headers).get("Accept") === "application/json";

  // In the form in which Wagtail's autosave shows what is wrong beside "paused".
  const refusal = (text) =>
    Response.json(
      { success: false, error_code: "validation_error", error_message: text },
      { status: 400 },
    );

  const send = async (input, init) => {
    const response = await ask(input, init);
    if (input instanceof Request || !isLost(response)) return response;
    const isOurs = new URL(response.url, window.location.href).origin === window.location.origin;
    if (!isOurs) return response;
    const isSafe = await ensure().catch(() => false);
    if (isSafe) return ask(input, withToken(init));
    if (!wantsJSON(init)) return response;
    return refusal(last?.user ? told.somebodyElse : told.loggedOut);
  };

  window.fetch = (input, init = {}) => {
    const answer = send(input, init);
    if (init.method?.toUpperCase() === "POST" && wantsJSON(init)) {
      const ended = answer.then(
        () => {},
        () => {},
      );
      underWay.add(ended);
      ended.finally(() => underWay.delete(ended));
    }
    return answer;
  };

  // Choosers and the windows of workflows ask in another way.
  window.jQuery(document).ajaxError((event, { status }) => {
    if (status === 403) ensure().catch(() => {});
  });

  window.cmsEditor = {
    ...window.cmsEditor,
    ensureSession: ensure,
    savesUnderWay: () => Promise.all(underWay),
    unreachable: told.unreachable,
  };
})();
