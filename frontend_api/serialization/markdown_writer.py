"""Writes the JSON of a page as Markdown, so that it says what the JSON says, and to whom the JSON does.

What a value is, its form tells: an image, a link, a page, a table, an object with a name. A block that wants more than
its texts has a method `markdown`::

    class QuoteBlock(StructBlock):
        def markdown(self, value: dict[str, Any], write: MarkdownWriter) -> str:
            return quoted(paragraphs(value["text"]))
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urljoin

from rest_framework.utils.encoders import JSONEncoder

from .markdown_text import Markdown, address, inline, item, joined, line, link, paragraphs, table
from .stream_child import StreamChild

Json: TypeAlias = Mapping[str, Any]
# What names an object to programs alone.
_FOR_PROGRAMS = frozenset({"id", "meta", "slug", "type"})
_NAMES = ("title", "name")
_OF_LINKS = {"url", "external"}
_encoder = JSONEncoder()


class MarkdownWriter:
    """Writes values as Markdown; `base` is the website that paths begin at, such as `https://www.example.org`."""

    def __init__(self, base: str) -> None:
        self.base = base

    def absolute(self, url: str) -> str:
        """Return an address with the website that it is on."""
        try:
            return urljoin(f"{self.base}/", url)
        except ValueError:
            return url

    def link(self, text: str, url: str) -> str:
        """Return a link with a text, to an address of the website or elsewhere."""
        return link(text, self.absolute(url))

    def value(self, value: Any) -> str:
        """Return any value as blocks of Markdown; nothing for one that is empty."""
        if value is None:
            return ""
        if isinstance(value, Markdown):
            return value.strip("\n")
        if isinstance(value, str):
            return paragraphs(value)
        if isinstance(value, Mapping):
            return self._object(value)
        if isinstance(value, list | tuple):
            return self._list(value)
        return inline(_plain(value))

    def _object(self, value: Json) -> str:
        if isinstance(value, StreamChild):
            own: Callable[[Any, MarkdownWriter], str] | None = getattr(
                value.block, "markdown", None
            )
            return self.value(value["value"]) if own is None else own(value["value"], self)
        if is_image(value):
            return self.image(value)
        if _leads(value):
            return line(self.absolute(value["url"]))
        if {"provider", "html", "url"} <= set(value):
            return self.link(value["title"] or value["url"], value["url"])
        if {"filename", "url"} <= set(value):
            return self.link(value.get("title") or value["filename"], value["url"])
        if {"columns", "rows", "caption"} <= set(value):
            return self._table(value)
        if _is_model(value):
            return self._named(value)
        return joined(*map(self.value, value.values()))

    def image(self, value: Json) -> str:
        """Return an image with its alternative text."""
        return f"![{inline(value['alt'])}]({address(value['src'])})"

    def _table(self, value: Json) -> str:
        columns = [inline(str(column["heading"] or "")) for column in value["columns"]]
        rows = [[self.value(one) for one in row["values"]] for row in value["rows"]]
        return joined(paragraphs(value["caption"]), table(columns, rows) if columns else "")

    def _named(self, value: Json) -> str:
        """Return an object with a name, or a link to a page, and what else it says, in a list below."""
        name = next((key for key in _NAMES if value.get(key) and isinstance(value[key], str)), "")
        page = value["meta"].get("html_url")
        title = value.get(name, "")
        head = self.link(title, page) if page else f"**{inline(title)}**" if title else ""
        rest = self.said(value, {*_FOR_PROGRAMS, name})
        facts = [fact for fact in (self.fact(key, one) for key, one in rest.items()) if fact]
        first, *others = [head, *facts] if head else (facts or [""])
        return "\n".join([first, *map(item, others)])

    def said(self, value: Json, apart: Collection[str]) -> dict[str, Any]:
        """Return the fields of an object without those named, and without a link of a page to itself."""
        own = (value.get("meta") or {}).get("html_url")
        return {
            name: one
            for name, one in value.items()
            if name not in apart and not (own and _leads(one) and self.absolute(one["url"]) == own)
        }

    def _list(self, values: Iterable[Any]) -> str:
        values = list(values)
        if all(isinstance(one, StreamChild) for one in values):
            return joined(*map(self.value, values))
        made = [block for one in values if (block := self.value(one))]
        return "\n".join(map(item, made))

    def fact(self, name: str, value: Any) -> str:
        """Return a value with the name of its field: in a line where it is short, or else below it."""
        content = self._in_short(value)
        if content is not None:
            return f"{label(name)}: {content}" if content else ""
        content = self.value(value)
        return f"{label(name)}:\n\n{content}" if content else ""

    def _in_short(self, value: Any) -> str | None:
        """Return a value as it stands in a line, or None if it takes more than that."""
        if isinstance(value, list | tuple):
            names = [
                None if isinstance(one, list | tuple) else self._in_short(_name_of(one))
                for one in value
            ]
            return None if None in names else ", ".join(filter(None, names))
        if isinstance(value, Mapping):
            return self.value(value) if _leads(value) or is_image(value) else None
        if isinstance(value, Markdown):
            return None if "\n" in value.strip() else value.strip()
        if isinstance(value, str):
            return None if len(value.splitlines()) > 1 else line(value)
        return self.value(value)

    def is_short(self, value: Any) -> bool:
        """Return whether a value of a page is a fact, rather than a text."""
        return not isinstance(value, Markdown) and self._in_short(value) is not None


def label(name: str) -> str:
    """Return the name of a field as people read it: `key_figures` is `Key figures`."""
    return inline(name.replace("_", " ").strip().capitalize())


def is_image(value: Any) -> bool:
    """Return whether a value is an image."""
    return isinstance(value, Mapping) and {"src", "alt"} <= set(value)


def _leads(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == _OF_LINKS


def is_body(value: Any) -> bool:
    """Return whether a value is a text of the page, which needs no heading above it."""
    is_stream = isinstance(value, list) and any(isinstance(one, StreamChild) for one in value)
    return isinstance(value, Markdown) or is_stream


def _is_model(value: Json) -> bool:
    return isinstance(value.get("meta"), Mapping)


def _name_of(value: Any) -> Any:
    """Return the name of an object that says nothing else, or the value itself."""
    if isinstance(value, Mapping) and _is_model(value) and "html_url" not in value["meta"]:
        said = [key for key in value if key not in _FOR_PROGRAMS and value[key]]
        if len(said) == 1 and said[0] in _NAMES:
            return value[said[0]]
    return value


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    plain = _encoder.default(value)
    return plain if isinstance(plain, str) else str(value)
