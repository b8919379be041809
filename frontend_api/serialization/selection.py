"""Which fields of an object are shown: what `fields=` selects, and what it says of objects that a field nests."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from frontend_api.errors import bad_parameter


class Named(NamedTuple):
    """One field as the parameter names it: `*` and `_` have their own meaning, `negated` takes the field away."""

    name: str
    negated: bool
    nested: "Selection"


Selection = tuple[Named, ...]


def choose(
    selection: Selection,
    known: Iterable[str],
    default: Iterable[str],
    *,
    ignore_unknown: bool = False,
) -> dict[str, Selection]:
    """Return which of the `known` names `selection` shows, each with what it says of what that nests.

    `ignore_unknown` passes over unknown names; otherwise one raises a bad-parameter problem.
    """
    every = set(known)
    shown: dict[str, Selection] = dict.fromkeys(default, ())
    for item in selection:
        if item.name == "*":
            shown = {**dict.fromkeys(every, ()), **shown}
        elif item.name == "_":
            shown = {}
        elif item.name not in every:
            if not ignore_unknown:
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
