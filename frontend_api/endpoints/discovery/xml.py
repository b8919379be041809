"""Texts as XML 1.0 takes them."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
# All but what XML 1.0 can hold, escaped or not.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(text: str) -> str:
    """Return a text without the characters that no XML document may hold, such as most control characters."""
    return _FORBIDDEN.sub("", text)


def element(name: str, text: str) -> str:
    """Return an element that holds a text."""
    return f"<{name}>{escape(allowed(text))}</{name}>"


def empty(name: str, attributes: Mapping[str, str]) -> str:
    """Return an element that holds nothing but attributes."""
    said = "".join(f" {key}={quoteattr(allowed(value))}" for key, value in attributes.items())
    return f"<{name}{said}/>"
