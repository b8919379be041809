"""The `fields=` parameter, by the grammar of Wagtail's v2 API.

`fields=body` adds a field, `fields=-summary` takes one away, `fields=*` shows all, `fields=_,title` only those named,
and `fields=partners(_,name)` says the same of what a field nests.
"""

from typing import NamedTuple

from .errors import bad_parameter

# Wagtail's parser calls itself for every bracket: these keep a hostile value from exhausting the stack.
LONGEST = 2_000
DEEPEST = 8


class Named(NamedTuple):
    """One field as the parameter names it: `*` and `_` have their own meaning, `negated` takes the field away."""

    name: str
    negated: bool
    nested: "Selection"


Selection = tuple[Named, ...]


def parse(text: str) -> Selection:
    """Return what the parameter selects; raises a bad-parameter problem that says where it cannot be read.

    >>> parse("_,title,partners(name)")
    (Named('_', False, ()), Named('title', False, ()), Named('partners', False, (Named('name', False, ()),)))
    """
    # Models import this module for the type of a selection, and Wagtail's parser needs models that are loaded.
    from wagtail.api.v2.utils import parse_fields_parameter

    if len(text) > LONGEST:
        raise bad_parameter(
            "fields", f"fields is {len(text)} characters long; the most is {LONGEST}."
        )
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth > DEEPEST:
            raise bad_parameter("fields", f"fields nests more than {DEEPEST} levels deep.")
    try:
        return _selection(parse_fields_parameter(text))
    except ValueError as error:
        raise bad_parameter("fields", f"fields cannot be read: {error}.") from error


def _selection(parsed: list[tuple[str, bool, list | None]]) -> Selection:
    return tuple(Named(name, negated, _selection(nested or [])) for name, negated, nested in parsed)
