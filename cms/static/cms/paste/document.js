/* Reads the HTML that word processors put on the clipboard.
 *
 * `readClipboard(html)` returns pieces in the order of the text: blocks of text, `{ type, depth, runs }`, and tables,
 * `{ table: { headings, rows } }` whose cells are lists of runs. A run is a text with its styles and, perhaps, an
 * address. Everything that is neither is left out, except that no text is: what Word, Word on the web, Google Docs,
 * LibreOffice and Pages mean by a heading or a list they say in five different ways.
 */
(() => {
  const BLOCKS = new Set(
    ("address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form " +
      "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul").split(" "),
  );
  const LEFT_OUT = "style, script, title, meta, link, noscript, template, xml, del, input, select, textarea, button";
  const PICTURES = "img, picture, svg, object, embed, video, audio, iframe, canvas";
  // What is written about the text in its margin, and text that its author has hidden.
  const UNSEEN = /mso-element:\s*comment|mso-hide:\s*all|display:\s*none/i;
  const COMMENT_MARKS = ".MsoCommentReference, .msocomanchor, .msocomtxt, .msocomoff";
  const MARKER = /mso-list:\s*ignore/i;
  const LIST_ITEM = /mso-list:\s*\S+\s+level(\d+)/i;
  const OUTLINE = /mso-outline-level:\s*([1-9])/i;
  const TAB = /mso-tab-count/i;
  // 1. a) (iv) B.2.
  const NUMBER = /^\(?(\d+|[a-z]|[ivxlcdm]+)([.)]|\.\d)/i;
  const DEEPEST = 4;
  // Marks inside a document, which its own program makes; in an address of that document they are not one of a page.
  const INNER_MARK = /^#(_(ftn|edn|toc|ref|hlk|mso|heading|goback)|ftnt|sdfootnote|sdendnote|heading=|bookmark=|kix\.)/i;
  const ADMIN = document.currentScript.dataset.admin;

  const SCRIPTS = {
    SUPERSCRIPT: ["0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"],
    SUBSCRIPT: ["0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"],
  };

  /** Return raised or lowered text in characters that are so by themselves, where there are such; else as it is. */
  function inCharacters(text, style) {
    const [plain, made] = SCRIPTS[style];
    const found = [...text].map((character) => [...made][plain.indexOf(character)]);
    return found.every(Boolean) ? found.join("") : text;
  }

  /** Return the address that a link leads a reader to, or null. */
  function addressOf(href) {
    const text = (href || "").trim();
    if (/^(mailto|tel):\S+$/i.test(text)) return text;
    if (!/^https?:\/\//i.test(text)) return null;
    let url;
    try {
      url = new URL(text);
    } catch {
      return null;
    }
    const isWrapped =
      (/(^|\.)google\.[a-z.]+$/i.test(url.hostname) && url.pathname === "/url") ||
      /\.safelinks\.protection\.outlook\.com$/i.test(url.hostname);
    const inside = isWrapped && (url.searchParams.get("q") || url.searchParams.get("url"));
    if (inside) return addressOf(inside);
    const isInAdmin = url.origin === window.location.origin && url.pathname.startsWith(ADMIN);
    if (isInAdmin || INNER_MARK.test(url.hash)) return null;
    return text;
  }

  /** Give elements the few properties that a style sheet on the clipboard has for their classes. */
  function applyStyleSheets(body, sheets) {
    sheets.forEach((source) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(source.textContent.replace(/<!--|-->/g, ""));
      [...sheet.cssRules].forEach((rule) => {
        if (!rule.selectorText || !rule.style) return;
        let elements = [];
        try {
          elements = body.querySelectorAll(rule.selectorText);
        } catch {
          // A selector that only its own program knows.
        }
        elements.forEach((element) => {
          ["font-weight", "font-style", "vertical-align"].forEach((name) => {
            const value = rule.style.getPropertyValue(name);
            if (value && !element.style.getPropertyValue(name)) element.style.setProperty(name, value);
          });
        });
      });
    });
  }

  function headingLevel(element, style) {
    const tag = element.localName.match(/^h([1-6])$/);
    if (tag) return Number(tag[1]);
    if (element.getAttribute("role") === "heading") return Number(element.getAttribute("aria-level")) || 2;
    if (/\bMsoTitle\b/.test(element.className)) return 1;
    const outline = element.localName === "p" && style.match(OUTLINE);
    return outline ? Number(outline[1]) : null;
  }

  function inlineContext(element, context) {
    const tag = element.localName;
    const next = { ...context };
    const { fontWeight, fontStyle, verticalAlign } = element.style;
    if (tag === "b" || tag === "strong") next.bold = true;
    if (/^(bold|bolder|[6-9]00)$/.test(fontWeight)) next.bold = true;
    else if (/^(normal|lighter|[1-5]00)$/.test(fontWeight)) next.bold = false;
    if (tag === "i" || tag === "em" || tag === "cite") next.italic = true;
    if (/italic|oblique/.test(fontStyle)) next.italic = true;
    else if (fontStyle === "normal") next.italic = false;
    if (!BLOCKS.has(tag)) {
      if (tag === "sup" || verticalAlign === "super" || parseFloat(verticalAlign) > 0) next.script = "SUPERSCRIPT";
      else if (tag === "sub" || verticalAlign === "sub" || parseFloat(verticalAlign) < 0) next.script = "SUBSCRIPT";
    }
    if (tag === "a" && element.hasAttribute("href")) next.url = addressOf(element.getAttribute("href"));
    if (tag === "pre") next.keepsLines = true;
    return next;
  }

  class Reader {
    constructor() {
      this.pieces = [];
      this.block = null;
      this.pictures = 0;
    }

    /** End the block, so that what follows begins another. */
    end() {
      if (this.block) this.pieces.push(...finished(this.block));
      this.block = null;
    }

    add(text, context) {
      if (!this.block) this.block = { type: "unstyled", depth: 0, ...context.block, runs: [] };
      const isHeading = this.block.type.startsWith("header");
      const styles = [
        context.bold && !isHeading ? "BOLD" : null,
        context.italic ? "ITALIC" : null,
        context.script || null,
      ].filter(Boolean);
      this.block.runs.push({ text, styles, url: context.url || null });
    }

    read(node, context) {
      if (node.nodeType === Node.TEXT_NODE) {
        const text = context.keepsLines ? node.data : node.data.replace(/[ \t\r\n\f]+/g, " ");
        if (this.block || text.trim()) this.add(text, context);
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        this.readElement(node, context);
      }
    }

    readElement(element, context) {
      const tag = element.localName;
      const style = element.getAttribute("style") || "";
      if (element.matches(LEFT_OUT) || element.matches(COMMENT_MARKS) || UNSEEN.test(style)) return;
      if (element.matches(PICTURES)) {
        this.pictures += 1;
      } else if (tag === "br") {
        if (this.block) this.add("\n", context);
      } else if (TAB.test(style)) {
        this.add(" ", context);
      } else if (MARKER.test(style)) {
        // The number of a heading is part of its text; that of a list's item is made anew.
        if (context.isHeading) this.add(`${element.textContent.replace(/\s+/g, " ").trim()} `, context);
      } else if (tag === "hr") {
        this.end();
        if (!context.inNotes) this.pieces.push({ type: "rule" });
      } else if (tag === "table") {
        this.readTable(element, context);
      } else if (BLOCKS.has(tag)) {
        this.readBlock(element, context, style);
      } else {
        const next = inlineContext(element, context);
        [...element.childNodes].forEach((child) => this.read(child, next));
      }
    }

    readBlock(element, context, style) {
      const tag = element.localName;
      const next = inlineContext(element, context);
      const level = headingLevel(element, style);
      const listItem = style.match(LIST_ITEM);
      if (/mso-element:\s*(foot|end)note-list/i.test(style)) next.inNotes = true;
      if (tag === "ul" || tag === "ol") {
        next.list = { isOrdered: tag === "ol", depth: context.list ? context.list.depth + 1 : 0 };
      } else if (level) {
        next.isHeading = true;
        next.block = { type: level <= 3 ? "header-three" : "header-four", depth: 0 };
      } else if (tag === "li") {
        const said = Number(element.getAttribute("aria-level") || element.dataset.ariaLevel);
        next.block = item(context.list?.isOrdered, said ? said - 1 : context.list?.depth || 0);
      } else if (listItem) {
        const marker = [...element.querySelectorAll("span")].find((span) => MARKER.test(span.getAttribute("style")));
        const isOrdered = NUMBER.test(marker?.textContent.trim() || "");
        next.block = item(isOrdered, Number(listItem[1]) - 1);
      }
      // A second paragraph of a list's item is a line of it, because anything else would end the list.
      const isLine = next.block && next.block === context.block && this.block && tag !== "li";
      if (isLine) this.add("\n", next);
      else this.end();
      [...element.childNodes].forEach((child) => this.read(child, next));
      if (!(next.block && next.block === context.block)) this.end();
    }

    readTable(element, context) {
      this.end();
      const { rows, headings } = grid(element, (cell) => this.readCell(cell));
      const width = Math.max(0, ...rows.map((row) => row.length), headings?.length || 0);
      if (width <= 1) {
        // A frame around text, and no table.
        [...element.querySelectorAll("td, th")]
          .filter((cell) => cell.closest("table") === element)
          .forEach((cell) => {
            [...cell.childNodes].forEach((child) => this.read(child, { ...context, block: undefined, list: undefined }));
            this.end();
          });
        return;
      }
      const caption = element.caption?.textContent.replace(/\s+/g, " ").trim() || "";
      const filled = (row) => Array.from({ length: width }, (_, index) => row[index] || []);
      this.pieces.push({
        table: { caption, headings: headings && filled(headings), rows: rows.map(filled) },
      });
    }

    /** Return the runs of a table's cell, whose paragraphs become lines. */
    readCell(cell) {
      const reader = new Reader();
      const context = inlineContext(cell, {});
      [...cell.childNodes].forEach((child) => reader.read(child, context));
      reader.end();
      this.pictures += reader.pictures;
      return joined(textOf(reader.pieces));
    }
  }

  function item(isOrdered, depth) {
    return {
      type: isOrdered ? "ordered-list-item" : "unordered-list-item",
      depth: Math.min(Math.max(depth, 0), DEEPEST),
    };
  }

  /** Return the blocks that a block becomes: none without text, several where an empty line parts it. */
  function finished(block) {
    const parts = [[]];
    block.runs.forEach((run) => {
      const last = parts[parts.length - 1];
      const before = last[last.length - 1];
      if (run.text === "\n" && before?.text === "\n" && block.type === "unstyled") parts.push([]);
      else last.push(run);
    });
    return parts.map((runs) => ({ ...block, runs: trimmed(runs) })).filter((part) => part.runs.length);
  }

  /** Return runs without space at their ends, or twice between them. */
  function trimmed(runs) {
    const kept = [];
    let endsInSpace = true;
    runs.forEach((run) => {
      let { text } = run;
      if (endsInSpace) text = text.replace(kept.length ? /^ +/ : /^\s+/, "");
      if (text.startsWith("\n") && kept.length) {
        kept[kept.length - 1].text = kept[kept.length - 1].text.replace(/ +$/, "");
      }
      if (!text) return;
      endsInSpace = /[ \n]$/.test(text);
      kept.push({ ...run, text });
    });
    while (kept.length) {
      const last = kept[kept.length - 1];
      last.text = last.text.replace(/\s+$/, "");
      if (last.text) break;
      kept.pop();
    }
    return kept.filter((run) => run.text);
  }

  function joined(blocks) {
    return blocks.flatMap((block, index) =>
      index ? [{ text: "\n", styles: [], url: null }, ...block.runs] : block.runs,
    );
  }

  /** Return blocks of text alone: each row of a table as a line. */
  function textOf(pieces) {
    return pieces.flatMap((piece) => {
      if (!piece.table) return piece.type === "rule" ? [] : [piece];
      const { caption, headings, rows } = piece.table;
      const lines = [...(headings ? [headings] : []), ...rows]
        .map((row) => row.filter((cell) => cell.length))
        .filter((row) => row.length)
        .map((row) =>
          row.flatMap((cell, index) => (index ? [{ text: " | ", styles: [], url: null }, ...cell] : cell)),
        );
      const title = caption ? [[{ text: caption, styles: [], url: null }]] : [];
      return [...title, ...lines].map((runs) => ({ type: "unstyled", depth: 0, runs }));
    });
  }

  /** Return the cells of a table by rows; what spans several has its text in the first. */
  function grid(table, readCell) {
    const own = [...table.querySelectorAll("tr")].filter((row) => row.closest("table") === table);
    const rows = own.map(() => []);
    own.forEach((row, y) => {
      let x = 0;
      [...row.children]
        .filter((cell) => cell.matches("td, th"))
        .forEach((cell) => {
          while (rows[y][x]) x += 1;
          const runs = readCell(cell);
          const right = x + Math.min(Math.max(cell.colSpan, 1), 50);
          const below = Math.min(y + Math.max(cell.rowSpan, 1), rows.length);
          for (let line = y; line < below; line += 1) {
            for (let column = x; column < right; column += 1) {
              rows[line][column] = line === y && column === x ? runs : [];
            }
          }
          x = right;
        });
    });
    const first = own[0];
    const isBold = (cell) => cell.every((run) => run.styles.includes("BOLD") || !run.text.trim());
    const isHead =
      rows.length > 1 &&
      (first.closest("thead") ||
        [...first.children].every((cell) => cell.matches("th")) ||
        (rows[0].some((cell) => cell.length) && rows[0].every(isBold)));
    const kept = rows.filter((row) => row.some((cell) => cell.length));
    return isHead && kept[0] === rows[0]
      ? { headings: kept[0], rows: kept.slice(1) }
      : { headings: null, rows: kept };
  }

  /** Read what is on the clipboard; `pictures` counts those that were left out. */
  function readClipboard(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    applyStyleSheets(page.body, [...page.querySelectorAll("style")]);
    const reader = new Reader();
    [...page.body.childNodes].forEach((child) => reader.read(child, {}));
    reader.end();
    return { pieces: reader.pieces, pictures: reader.pictures };
  }

  window.cmsPaste = { readClipboard, textOf, inCharacters };
})();
