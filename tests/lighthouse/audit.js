// Audits pages with Lighthouse, as on a phone with a slow network: CHROME=/usr/bin/chromium CHROME_FLAGS='["--no-sandbox"]' node audit.js URL…
// Writes, for each page and category, a score of 100 and what was found: {"https://…": {"seo": {"score": 92, "found": ["…"]}}}.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const chrome = await launch({
  chromePath: process.env.CHROME,
  chromeFlags: ["--headless=new", ...JSON.parse(process.env.CHROME_FLAGS ?? "[]")],
});
const pages = {};
try {
  for (const url of process.argv.slice(2)) {
    const { lhr } = await lighthouse(url, {
      port: chrome.port,
      onlyCategories: CATEGORIES,
      // The player of a video is another website's.
      blockedUrlPatterns: ["https://www.youtube-nocookie.com/*", "https://player.vimeo.com/*"],
    });
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    const found = ({ id }) => {
      const { score, scoreDisplayMode, title, displayValue = "" } = lhr.audits[id];
      return score === null || score >= 0.9 || scoreDisplayMode === "informative" ? [] : [`${title} ${displayValue}`.trim()];
    };
    pages[url] = Object.fromEntries(
      CATEGORIES.map((name) => {
        const { score, auditRefs } = lhr.categories[name];
        return [name, { score: Math.round(score * 100), found: auditRefs.filter(({ weight }) => weight).flatMap(found) }];
      }),
    );
  }
} finally {
  chrome.kill();
}
console.log(JSON.stringify(pages));
