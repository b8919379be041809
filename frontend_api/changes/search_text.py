"""Brings what is indexed and what is searched for into one form of Unicode.

“Zürich” is six characters where it was typed on most keyboards, and seven where a program has taken the dots apart. A
database compares the characters alone.
"""

import copy
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def composed(value: Any) -> Any:
    """Return a text, or the texts in lists and dicts, in the composed form; anything else as it is."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {name: composed(item) for name, item in value.items()}
    return value


@contextmanager
def indexed_composed(objs: list[Any]) -> Iterator[None]:
    """Have the texts of objects indexed in the composed form."""
    for obj in objs:
        fields = [_composing(field) for field in obj.get_search_fields()]
        obj.get_search_fields = lambda fields=fields: fields
    try:
        yield
    finally:
        for obj in objs:
            vars(obj).pop("get_search_fields", None)


def _composing(field: Any) -> Any:
    """Return a copy of a search field whose values are composed, as are those of the fields in it."""
    made = copy.copy(field)
    if hasattr(field, "fields"):
        made.fields = [_composing(inner) for inner in field.fields]
    else:
        made.get_value = lambda obj: composed(field.get_value(obj))
    return made
