// Gives what an editor's form holds as one text, so that two states of a form can be compared.
(() => {
  // What is no content: the token, what Wagtail adds to say what it knows, and what its buttons add when they are chosen.
  const NO_CONTENT = new Set([
    "action-workflow-action",
    "csrfmiddlewaretoken",
    "loaded_revision_created_at",
    "loaded_revision_id",
    "next",
    "overwrite_revision_id",
    "workflow-action-extra-data",
    "workflow-action-name",
  ]);

  // Wagtail keeps comments apart; they are saved with whatever is saved next.
  const isContent = (name) => !NO_CONTENT.has(name) && !name.startsWith("comments-");

  // The rich text editor writes its text anew when it has started, and when it is entered, with nothing changed in it.
  const withoutNotation = (text) => {
    if (text === "null") return "";
    if (!text.startsWith("{")) return text;
    let content;
    try {
      content = JSON.parse(text);
    } catch {
      return text;
    }
    if (!Array.isArray(content.blocks)) return text;
    const used = [];
    const blocks = content.blocks.map((block) => [
      block.type,
      block.depth || 0,
      block.text,
      (block.inlineStyleRanges || [])
        .map(({ offset, length, style }) => [offset, length, style].join(":"))
        .sort(),
      (block.entityRanges || []).map(({ offset, length, key }) => {
        used.push(key);
        return [offset, length, (content.entityMap || {})[key]];
      }),
      block.data || {},
    ]);
    const isEmpty = used.length === 0 && content.blocks.every((block) => block.text === "");
    return isEmpty ? "" : JSON.stringify(blocks);
  };

  const asText = (value) =>
    value instanceof File
      ? [value.name, value.size, value.type].join("/")
      : withoutNotation(value);

  const text = (data) =>
    JSON.stringify(
      [...data]
        .filter(([name]) => isContent(name))
        .map(([name, value]) => [name, asText(value)])
        // Names differ, and the order of equal ones is kept.
        .sort(([one], [other]) => (one < other ? -1 : Number(one > other))),
    );

  window.cmsEditor = { ...window.cmsEditor, text };
})();
