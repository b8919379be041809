/* Pastes what a word processor copied into the editor of rich text.
 *
 * Draft.js takes what it finds: it loses superscripts, lists that are paragraphs with bullets, headings that the field
 * does not have, and tables, and turns a footnote's mark into a link to the page of the admin. Here `document.js` reads
 * the clipboard; the text goes in at the cursor, and a table becomes a block after it where the field has such blocks.
 */
(() => {
  const { readClipboard, textOf, inCharacters } = window.cmsPaste;
  const SENTENCES = JSON.parse(document.currentScript.dataset.sentences);
  const TABLE = { block: "table", text: "text", richText: "rich_text" };
  // What the editors of rich text put on the clipboard themselves, they also read themselves.
  const OWN = /data-draftjs-conductor-fragment|data-editor=|data-block="true"/;
  let keys = 0;

  const newKey = () => `p${(keys += 1).toString(36)}${Math.random().toString(36).slice(2, 6)}`;

  /** Return blocks in the raw form of Draft.js, for an editor that has these `styles`. */
  function rawContent(blocks, styles) {
    const entityMap = {};
    const raw = blocks.map((block) => {
      if (block.type === "rule") {
        const key = Object.keys(entityMap).length;
        entityMap[key] = { type: "HORIZONTAL_RULE", mutability: "IMMUTABLE", data: {} };
        const entityRanges = [{ offset: 0, length: 1, key }];
        return { key: newKey(), type: "atomic", depth: 0, text: " ", inlineStyleRanges: [], entityRanges };
      }
      const made = { key: newKey(), type: block.type, depth: block.depth, text: "", inlineStyleRanges: [], entityRanges: [] };
      block.runs.forEach((run) => {
        const script = run.styles.find((style) => style.endsWith("SCRIPT"));
        const text = script && !styles.has(script) ? inCharacters(run.text, script) : run.text;
        const range = { offset: made.text.length, length: text.length };
        made.text += text;
        run.styles
          .filter((style) => styles.has(style))
          .forEach((style) => made.inlineStyleRanges.push({ ...range, style }));
        const last = made.entityRanges[made.entityRanges.length - 1];
        if (run.url && last && entityMap[last.key].data.url === run.url && last.offset + last.length === range.offset) {
          last.length += range.length;
        } else if (run.url) {
          const key = Object.keys(entityMap).length;
          entityMap[key] = { type: "LINK", mutability: "MUTABLE", data: { url: run.url } };
          made.entityRanges.push({ ...range, key });
        }
      });
      return made;
    });
    return { blocks: raw, entityMap };
  }

  const stylesOf = (editor) => new Set(editor.props.inlineStyles.map((style) => style.type));

  /** Put blocks in at the cursor, or for what is selected. */
  function insertText(editor, blocks) {
    if (!blocks.length) return;
    const { convertFromRaw, EditorState, Modifier } = window.DraftJS;
    const state = editor.getEditorState();
    const fragment = convertFromRaw(rawContent(blocks, stylesOf(editor))).getBlockMap();
    let content = state.getCurrentContent();
    let place = state.getSelection();
    if (!place.isCollapsed()) {
      content = Modifier.removeRange(content, place, "forward");
      place = content.getSelectionAfter();
    }
    const [first, last] = [blocks[0].type, blocks[blocks.length - 1].type];
    const offset = place.getStartOffset();
    const { length } = content.getBlockForKey(place.getStartKey()).getText();
    // A heading or an item does not become a part of the paragraph that it is pasted into, nor the other way round.
    if (offset && first !== "unstyled") {
      content = Modifier.splitBlock(content, place);
      place = content.getSelectionAfter();
    }
    if (offset < length && last !== "unstyled") content = Modifier.splitBlock(content, place);
    const isEmpty = !content.getBlockForKey(place.getStartKey()).getText();
    content = Modifier.replaceWithFragment(content, place, fragment);
    const after = content.getSelectionAfter();
    if (isEmpty && first !== "rule") {
      // Draft.js leaves an empty paragraph what it was, whatever is pasted into it.
      content = Modifier.setBlockType(content, place, first);
      content = content.merge({ selectionAfter: after });
    }
    editor.onChange(EditorState.push(state, content, "insert-fragment"));
  }

  /** Return the block of a StreamField that this field is the whole of, if tables may stand beside it; or null. */
  function blockOf(field) {
    for (let element = field; element; element = element.parentElement) {
      const stream = element.rootBlock;
      const child = stream?.children?.find?.((one) => one.element?.contains(field));
      if (child) {
        const isWhole = child.block?.widget?.input === field;
        return isWhole && stream.blockDef.childBlockDefsByName?.[TABLE.block] ? { stream, child } : null;
      }
    }
    return null;
  }

  const plain = (runs) => runs.map((run) => run.text).join("");
  const styled = (run) => run.url || run.styles.some((style) => style !== "SUPERSCRIPT" && style !== "SUBSCRIPT");

  /** Return what a table block holds: a column is of plain text, unless it has links or emphasis. */
  function tableValue({ caption, headings, rows }) {
    const columns = rows[0] || headings;
    const kinds = columns.map((_, index) => (rows.some((row) => row[index].some(styled)) ? TABLE.richText : TABLE.text));
    const inLine = (run) => run.styles.reduce((text, style) => (style.endsWith("SCRIPT") ? inCharacters(text, style) : text), run.text);
    const line = (runs) => runs.map(inLine).join("").replace(/\s+/g, " ").trim();
    const rich = new Set(["BOLD", "ITALIC"]);
    return {
      caption,
      columns: kinds.map((type, index) => ({ type, heading: headings ? line(headings[index]) : "" })),
      rows: rows.map((row) => ({
        values: row.map((runs, index) =>
          kinds[index] === TABLE.text
            ? line(runs)
            : JSON.stringify(rawContent([{ type: "unstyled", depth: 0, runs }], rich)),
        ),
      })),
    };
  }

  /** Put text and tables in, each table as a block of its own, in the order that they have. */
  function insertWithTables(field, editor, { stream, child }, pieces) {
    const { DraftJS, draftail } = window;
    const before = editor.getEditorState();
    if (!before.getSelection().isCollapsed()) {
      const content = DraftJS.Modifier.removeRange(before.getCurrentContent(), before.getSelection(), "forward");
      editor.onChange(DraftJS.EditorState.push(before, content, "remove-range"));
    }
    const { stateBefore, stateAfter, shouldMoveCommentFn } = draftail.splitState(editor.getEditorState());
    if (stateAfter.getCurrentContent().getPlainText().trim()) {
      child.split(stateBefore, stateAfter, shouldMoveCommentFn, { animate: false });
      field.draftailEditor.onChange(DraftJS.EditorState.moveSelectionToEnd(field.draftailEditor.getEditorState()));
    }
    const groups = [];
    pieces.forEach((piece) => {
      if (piece.table || !groups.length || groups[groups.length - 1].table) groups.push(piece.table ? piece : { text: [] });
      if (!piece.table) groups[groups.length - 1].text.push(piece);
    });
    let index = child.index;
    groups.forEach((group, number) => {
      if (group.text && number === 0) {
        insertText(field.draftailEditor, group.text);
        return;
      }
      index += 1;
      const value = group.table
        ? tableValue(group.table)
        : JSON.stringify(rawContent(group.text, stylesOf(field.draftailEditor)));
      const type = group.table ? TABLE.block : child.type;
      stream.insert({ type, value, id: window.crypto.randomUUID?.() || null }, index, {});
    });
    // What was an empty text before is not left behind as one, which could not be published.
    if (!field.draftailEditor.getEditorState().getCurrentContent().getPlainText().trim()) child.delete({ animate: false });
  }

  function say(anchor, names) {
    document.querySelectorAll("[data-cms-paste-note]").forEach((note) => note.remove());
    if (!names.length) return;
    const note = document.createElement("div");
    note.className = "help-block help-info";
    note.dataset.cmsPasteNote = "";
    note.setAttribute("role", "status");
    note.innerHTML = '<svg class="icon icon-help icon" aria-hidden="true"><use href="#icon-help"></use></svg>';
    note.append(names.map((name) => SENTENCES[name]).join(" "));
    anchor.append(note);
  }

  function paste(event) {
    const wrapper = event.target.closest?.("[data-draftail-editor-wrapper]");
    const html = event.clipboardData?.getData("text/html");
    if (!wrapper || !html || OWN.test(html)) return;
    const field = [...wrapper.parentElement.children].find((element) => element.draftailEditor);
    // An address that is pasted over words makes them a link, which the editor does by itself.
    const isAddress = /^\s*\S+:\/\/\S+\s*$/.test(event.clipboardData.getData("text/plain"));
    if (!field || isAddress || field.draftailEditor.props.readOnly) return;
    const { pieces, pictures } = readClipboard(html);
    if (!pieces.length && !pictures) return;
    event.preventDefault();
    event.stopPropagation();
    const tables = pieces.some((piece) => piece.table);
    const block = tables ? blockOf(field) : null;
    const notes = [];
    if (block) {
      insertWithTables(field, field.draftailEditor, block, pieces);
      notes.push("made");
    } else {
      insertText(field.draftailEditor, tables ? textOf(pieces) : pieces);
      if (tables) notes.push("refused");
    }
    if (pictures) notes.push("pictures");
    const stream = block?.child.element.parentElement;
    say(stream && !wrapper.offsetParent ? stream : wrapper.parentElement, notes);
  }

  // The editor listens at the root of its own elements; this comes first.
  document.addEventListener("paste", paste, { capture: true });
})();
