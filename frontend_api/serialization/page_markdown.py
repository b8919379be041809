"""A page as Markdown: front matter in YAML, its title, and all that its JSON says."""

import json
import re
from collections.abc import Iterator
from typing import Any

from .markdown_text import inline, item, joined, paragraphs
from .markdown_writer import Json, MarkdownWriter, is_body, is_image, label

_APART = frozenset({"id", "meta", "title", "type"})
# What YAML takes for the end of a line, or does not take, inside quotation marks that JSON writes.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def document(page: Json, base: str) -> str:
    """Return the JSON of a page, with rich text in Markdown, as a text of its own; `base` is its website."""
    write = MarkdownWriter(base)
    head = [
        f"# {inline(page['title'])}" if page.get("title") else "",
        paragraphs(_text(page.get("summary"))),
        *(write.image(value) for value in page.values() if is_image(value)),
        "\n".join(item(write.fact(name, value)) for name, value in _facts(page, write)),
    ]
    return f"{front_matter(page)}\n{joined(*head, texts(page, write))}\n"


def texts(page: Json, write: MarkdownWriter) -> str:
    """Return what a page says at length: its texts, and each of its lists below a heading."""
    rest = [(name, value) for name, value in _rest(page, write) if not write.is_short(value)]
    bodies = [write.value(value) for _, value in rest if is_body(value)]
    sections = [
        joined(f"## {label(name)}", content)
        for name, value in rest
        if not is_body(value) and (content := write.value(value))
    ]
    return joined(*bodies, *sections)


def _facts(page: Json, write: MarkdownWriter) -> Iterator[tuple[str, Any]]:
    """Yield what a page says in a line, without what it leaves empty."""
    return (
        (name, value)
        for name, value in _rest(page, write)
        if write.is_short(value) and write.fact(name, value)
    )


def _rest(page: Json, write: MarkdownWriter) -> Iterator[tuple[str, Any]]:
    return (
        (name, value)
        for name, value in write.said(page, _APART).items()
        if not is_image(value) and not (name == "summary" and isinstance(value, str))
    )


def front_matter(page: Json) -> str:
    """Return what programs ask of a page, as YAML between lines; what it does not have is left out."""
    meta = page.get("meta") or {}
    image: Any = page.get("image")
    known = {
        "title": page.get("title"),
        "url": meta.get("html_url"),
        "type": page.get("type"),
        "locale": meta.get("locale"),
        "published": meta.get("first_published_at"),
        "updated": meta.get("last_published_at"),
        "summary": page.get("summary"),
        "description": meta.get("search_description"),
        "image": image["src"] if is_image(image) else None,
    }
    lines = [f"{name}: {_yaml(text)}\n" for name, value in known.items() if (text := _text(value))]
    return f"---\n{''.join(lines)}---\n"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _yaml(text: str) -> str:
    """Return a text in quotation marks, as JSON and YAML both read it."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
