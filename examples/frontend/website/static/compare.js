// The two sides of a comparison are scrolled together, each by its share of its own length.
const windows = [...document.querySelectorAll("iframe")].map((frame) => frame.contentWindow);
const length = ({ document }) => document.documentElement.scrollHeight - document.documentElement.clientHeight;
let led;

for (const frame of document.querySelectorAll("iframe")) {
  frame.addEventListener("load", () => {
    const side = frame.contentWindow;
    side.addEventListener("scroll", () => {
      // What this script has scrolled does not lead the other one in turn.
      if (led === side) {
        led = null;
        return;
      }
      for (const other of windows.filter((candidate) => candidate !== side)) {
        const top = Math.round((side.scrollY / Math.max(length(side), 1)) * length(other));
        if (Math.round(other.scrollY) === top) continue;
        led = other;
        other.scrollTo({ top, behavior: "instant" });
      }
    });
  });
}
