/** The headers of security and of caches: who may frame a page, what it may load, and who may keep it. */

const VIDEOS = ["https://www.youtube-nocookie.com", "https://player.vimeo.com"];

// While a website is developed, React explains errors with scripts that it makes, and Next.js writes styles into the page.
const DEVELOPING = process.env.NODE_ENV === "development";
const SCRIPTS = DEVELOPING ? " 'unsafe-eval'" : "";
const STYLES = DEVELOPING ? " 'unsafe-inline'" : "";

/** A draft is for those who were given it: not for caches, not for search engines, not for the next site's logs. */
export const PRIVATE = {
  "Cache-Control": "private, no-store",
  "X-Robots-Tag": "noindex",
  "Referrer-Policy": "no-referrer",
};

/** With the cookie of a preview the same address shows something else, and so it does to who prefers Markdown. */
export const VARY = "Cookie, Accept";

/**
 * Return the headers of what readers see.
 *
 * Nobody frames it. Next.js writes scripts into the page, which is the same for everybody and so can have no nonce. Nothing
 * tells a cache between here and the reader of a change, so that each asks whether what it has still holds.
 */
export function ofPage(cms: string): Record<string, string> {
  return {
    "Content-Security-Policy": policy(cms, "'none'", [`script-src 'self' 'unsafe-inline'${SCRIPTS}`, `style-src 'self'${STYLES}`]),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cache-Control": "public, max-age=0, must-revalidate",
    Vary: VARY,
  };
}

/** Return the headers of what is shown while a preview is open: the CMS alone may frame it, and gives it its user bar. */
export function ofDraft(cms: string, nonce: string): Record<string, string> {
  const origin = new URL(cms).origin;
  const sources = [
    `script-src 'self' 'nonce-${nonce}' ${origin}${SCRIPTS}`,
    `style-src 'self' ${origin}${STYLES}`,
    `connect-src 'self' ${origin}`,
  ];
  return {
    ...PRIVATE,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": policy(cms, `'self' ${origin}`, sources),
  };
}

function policy(cms: string, ancestors: string, more: string[]): string {
  return [
    "default-src 'self'",
    ...more,
    `img-src 'self' data: https: ${new URL(cms).origin}`,
    `frame-src 'self' ${VIDEOS.join(" ")}`,
    `frame-ancestors ${ancestors}`,
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join("; ");
}

/**
 * Return a path if it is one of this website, or else `/`.
 *
 * `//host` and `/\host` are addresses of other hosts to a browser, and control characters are passed over by it.
 */
export function localPath(path: string): string {
  const isLocal = path.startsWith("/") && !path.startsWith("//");
  return isLocal && !/[\\;?#\s\p{C}]/u.test(path) ? path : "/";
}
