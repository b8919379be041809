"""The `fields=` parameter, by the grammar of Wagtail's v2 API.

`fields=body` adds a field, `fields=-summary` takes one away, `fields=*` shows all, `fields=_,title` only those named,
and `fields=partners(_,name)` says the same of what a field nests.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from frontend_api.errors import bad_parameter

# Wagtail's parser calls itself for every bracket: this keeps a hostile value from exhausting the stack.
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

    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth > DEEPEST:
            raise bad_parameter("fields", f"fields nests more than {DEEPEST} levels deep.")
    try:
        return _selection(parse_fields_parameter(text))
    except ValueError as error:
        raise bad_parameter("fields", f"fields cannot be read: {error}.") from error


def choose(
    selection: Selection, known: Iterable[str], default: Iterable[str], *, lenient: bool = False
) -> dict[str, Selection]:
    """Return which of the `known` names `selection` shows, each with what it says of what that nests.

    `lenient` passes over unknown names; otherwise one raises a bad-parameter problem.
    """
    every = set(known)
    shown: dict[str, Selection] = dict.fromkeys(default, ())
    for item in selection:
        if item.name == "*":
            shown = {**dict.fromkeys(every, ()), **shown}
        elif item.name == "_":
            shown = {}
        elif item.name not in every:
            if not lenient:
                raise bad_parameter(
                    "fields", f"fields: there is no field '{item.name[:100]}' here."
                )
        elif item.negated:
            shown.pop(item.name, None)
        else:
            shown[item.name] = item.nested
    return shown


def refuse_nested(name: str, selection: Selection) -> None:
    """Raise a bad-parameter problem where `selection` says something of a field that nests nothing."""
    if selection:
        raise bad_parameter("fields", f"fields: '{name}' does not support nested fields.")


def narrow(form: dict[str, Any], selection: Selection) -> dict[str, Any]:
    """Return what `selection` shows of a form whose values nest nothing."""
    shown = choose(selection, form, form)
    for name, nested in shown.items():
        refuse_nested(name, nested)
    return {name: value for name, value in form.items() if name in shown}


def _selection(parsed: list[tuple[str, bool, list | None]]) -> Selection:
    """Return what a parsed parameter selects, without what later parts of it make void.

    What is selected is remembered, and a client may repeat a name as often as it likes.
    """
    last: dict[str, Named] = {}
    for name, negated, nested in parsed:
        if name == "_":
            last = {}
        last.pop(name, None)
        last[name] = Named(name, negated, _selection(nested or []))
    return tuple(last.values())
