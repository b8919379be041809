"""Parses the `fields` parameter, which has the grammar of Wagtail's v2 API.

`fields=body` adds a field, `fields=-summary` removes one, `fields=*` shows all, `fields=_,title` shows only those
named, and `fields=partners(_,name)` does the same for the objects that a field nests::

    fields = first {"," field}
    first  = "*" | "_" | field
    field  = "-" name | name ["(" fields ")"]

After `_` nothing is removed, and after `*` nothing is added without saying what it nests.
"""

import re

from frontend_api.errors import BadParameters, bad_parameter
from frontend_api.serialization.selection import Named, Selection

from .bounds import DEEPEST_FIELDS

ALL, NONE = "*", "_"

_NAME = re.compile(r"\*|\w+")


def parse(text: str) -> Selection:
    """Return what the parameter selects; raises `BadParameters`, which says why it cannot be parsed.

    >>> parse("_,title,partners(name)")
    (Named('_', False, ()), Named('title', False, ()), Named('partners', False, (Named('name', False, ()),)))
    """
    parser = _Parser(text)
    selection = parser.fields(depth=0)
    if parser.place < len(text):
        raise parser.unexpected()
    return selection


class _Parser:
    """Reads the value from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def fields(self, depth: int) -> Selection:
        """Return what a list of fields selects, without the parts that later ones override.

        Selections are cache keys (of `serialization.objects.plan`), and a client may repeat a name as often as it
        likes.
        """
        if depth > DEEPEST_FIELDS:
            raise bad_parameter("fields", f"fields nests more than {DEEPEST_FIELDS} levels deep.")
        first = self._field(depth)
        last = {first.name: first}
        while self._take(","):
            field = self._field(depth)
            self._check(first, field)
            last.pop(field.name, None)
            last[field.name] = field
        return tuple(last.values())

    def _field(self, depth: int) -> Named:
        negated = self._take("-")
        found = _NAME.match(self.text, self.place)
        if found is None:
            raise self.unexpected()
        self.place = found.end()
        name = found[0]
        if negated or name in {ALL, NONE}:
            if negated and name in {ALL, NONE}:
                raise bad_parameter("fields", f"fields cannot be read: '-{name}' removes nothing.")
            return Named(name, negated, ())
        nested: Selection = ()
        if self._take("("):
            nested = self.fields(depth + 1)
            if not self._take(")"):
                raise self.unexpected()
        return Named(name, negated, nested)

    def _take(self, sign: str) -> bool:
        """Go past a sign, if it is next, and return whether it was."""
        is_next = self.text.startswith(sign, self.place)
        self.place += is_next
        return is_next

    def _check(self, first: Named, field: Named) -> None:
        if field.name in {ALL, NONE}:
            raise bad_parameter(
                "fields", f"fields cannot be read: '{field.name}' stands first, or not at all."
            )
        if first.name == NONE and field.negated:
            raise bad_parameter(
                "fields", "fields cannot be read: after '_' there is nothing to remove."
            )
        if first.name == ALL and not (field.negated or field.nested):
            raise bad_parameter(
                "fields", "fields cannot be read: after '*' there is nothing to add."
            )

    def unexpected(self) -> BadParameters:
        """Return the error for what is next."""
        if self.place >= len(self.text):
            what = "it ends too early"
        else:
            what = f"{self.text[self.place]!r} at position {self.place} is unexpected"
        return bad_parameter("fields", f"fields cannot be read: {what}.")
