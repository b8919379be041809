// Completes what somebody types into the search with titles of pages. Without it, or without an answer, the form works.
"use strict";

const WAIT = 200;
const field = document.getElementById("q");
const list = document.getElementById("suggestions");
let timer;
let asked = 0;

async function suggest() {
  const words = field.value.trim();
  const number = ++asked;
  if (words.length < 2) {
    list.replaceChildren();
    return;
  }
  const response = await fetch(`/search/suggestions?${new URLSearchParams({ q: words, language: document.documentElement.lang })}`).catch(() => null);
  const titles = response?.ok ? await response.json() : [];
  // A later answer may have come before this one.
  if (number !== asked) return;
  list.replaceChildren(
    ...titles.map((title) => {
      const option = document.createElement("option");
      option.value = title;
      return option;
    }),
  );
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(suggest, WAIT);
});
