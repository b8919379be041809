"""Writes plain texts into Markdown, so that each says there what it says, whatever characters are in it."""

import re
from urllib.parse import urlsplit

# What may begin something wherever it stands: emphasis, code, links, HTML, tables, character references.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)")
# What begins a heading, a list, a rule or an underline where a line begins with it, or ends a heading.
_AT_START = re.compile(r"^(?:[#+=:-]|(\d{1,9})(?=[.)]))")
_AT_END = re.compile(r"(?<=\s)#(?=#*$)")
_IN_ADDRESSES = re.compile(r"[\s()<>\\\x00-\x1f]")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\x00-\x1f]+", re.IGNORECASE)
_LINKED = {"", "http", "https", "mailto", "tel"}


class Markdown(str):
    """A text that is Markdown already; in a page's JSON, it tells rich text from a text that says what it says."""

    __slots__ = ()


def inline(text: str) -> str:
    """Return a text as one line of Markdown: `1. [a]` becomes `1\\. \\[a\\]`."""
    line = _ANYWHERE.sub(r"\\\g<0>", " ".join(text.split()))
    line = _AT_START.sub(lambda match: f"{match[1]}\\" if match[1] else f"\\{match[0]}", line)
    return _AT_END.sub(r"\\#", line)


def line(text: str) -> str:
    """Return a text as one line of Markdown, and an address of the web as a link."""
    return f"<{text}>" if _WEB_ADDRESS.fullmatch(text) else inline(text)


def paragraphs(text: str) -> str:
    """Return a text of several lines as paragraphs, with its own ends of lines kept."""
    blocks: list[list[str]] = [[]]
    for one in text.splitlines():
        if one.strip():
            blocks[-1].append(line(one))
        elif blocks[-1]:
            blocks.append([])
    return "\n\n".join("\\\n".join(lines) for lines in blocks if lines)


def address(url: str) -> str:
    """Return an address as it stands in a link, with what would end it there written in percent."""
    return _IN_ADDRESSES.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url
    )


def is_linked(url: str) -> bool:
    """Return whether readers may be sent to an address: one of the web, of mail or of a telephone."""
    try:
        return urlsplit(url).scheme in _LINKED
    except ValueError:
        return False


def link(text: str, url: str) -> str:
    """Return a link with a text, or the text alone where nobody may be sent to the address."""
    shown = inline(text) or inline(url)
    return f"[{shown}]({address(url)})" if url and is_linked(url) else shown


def joined(*blocks: str) -> str:
    """Return blocks of Markdown one below the other, without those that are empty."""
    return "\n\n".join(block for block in blocks if block)


def item(content: str) -> str:
    """Return a block of Markdown as an item of a list."""
    first, *rest = content.split("\n")
    return "\n".join([f"- {first}", *(f"  {line}" if line else "" for line in rest)])


def quoted(content: str) -> str:
    """Return a block of Markdown as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in content.split("\n"))


def cell(content: str) -> str:
    """Return Markdown as a cell of a table: in one line, without a bar that would end it."""
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(content.split()))


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table out of cells that are Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)
