"""Parses the `fields` parameter, which has the grammar of Wagtail's v2 API.

`fields=body` adds a field, `fields=-summary` removes one, `fields=*` shows all, `fields=_,title` shows only those
named, and `fields=partners(_,name)` does the same for the objects that a field nests.
"""

from typing import Any

from wagtail.api.v2.utils import parse_fields_parameter

from frontend_api.errors import bad_parameter
from frontend_api.serialization.selection import Named, Selection

# Wagtail's parser recurses at every bracket; this limit keeps a hostile value from exhausting the stack.
DEEPEST = 8


def parse(text: str) -> Selection:
    """Return what the parameter selects; raises `BadParameters`, which says why it cannot be parsed.

    >>> parse("_,title,partners(name)")
    (Named('_', False, ()), Named('title', False, ()), Named('partners', False, (Named('name', False, ()),)))
    """
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth > DEEPEST:
            raise bad_parameter("fields", f"fields nests more than {DEEPEST} levels deep.")
    try:
        return _selection(parse_fields_parameter(text))
    except ValueError as error:
        raise bad_parameter("fields", f"fields cannot be read: {error}.") from error


def _selection(parsed: list[tuple[str, bool, list[Any] | None]]) -> Selection:
    """Return what a parsed parameter selects, without the parts that later ones override.

    Selections are cache keys (of `serialization.objects.plan`), and a client may repeat a name as often as it likes.
    """
    last: dict[str, Named] = {}
    for name, negated, nested in parsed:
        if name == "_":
            last = {}
        last.pop(name, None)
        last[name] = Named(name, negated, _selection(nested or []))
    return tuple(last.values())
