"""What is hard to read at a phone's width."""

PHONE = {"width": 375, "height": 812}
READABLE = 120
NOTHING_WRONG = {"page": 0, "outside": [], "narrow": []}
# Wider than the screen, unless it is in something that one scrolls; and text in a column that is too narrow for words.
MEASURE = """
(readable) => {
    const main = document.querySelector("main");
    const width = document.documentElement.clientWidth;
    const shown = (element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== "hidden"
            && !element.closest(".w-sr-only, [hidden], .w-field__comment-button");
    };
    const scrolls = (element) => {
        for (let one = element; one && one !== main; one = one.parentElement) {
            if (["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX)) return true;
        }
        return false;
    };
    const name = (element) => `${element.localName}.${element.className} ${element.textContent.trim().slice(0, 40)}`;
    const outside = [...main.querySelectorAll("*")].filter(
        (element) => shown(element) && element.getBoundingClientRect().right > width + 1 && !scrolls(element),
    );
    const narrow = [...main.querySelectorAll("td, th, p, label, h1, dd, li")].filter((element) => {
        const seen = [...element.childNodes].filter((node) => !node.classList?.contains("w-sr-only"));
        const words = seen.map((node) => node.textContent.trim()).join(" ");
        return shown(element) && words.length > 40 && element.getBoundingClientRect().width < readable
            && !element.closest("nav, header, .w-status") && element.innerText.trim().length > 40;
    });
    return { page: document.documentElement.scrollWidth - width, outside: outside.map(name), narrow: narrow.map(name) };
}
"""
