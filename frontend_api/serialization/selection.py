"""Chooses which fields of an object are shown, and of the objects that it nests, from what `fields=` selects."""

from collections.abc import Iterable
from typing import NamedTuple

from frontend_api.errors import bad_parameter


class Named(NamedTuple):
    """One field in the parameter: `*` stands for all fields and `_` for none; `negated` removes the field."""

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
    """Return which of the `known` names are shown, each with the selection for the objects that it nests.

    Raises a bad-parameter problem for an unknown name, unless `ignore_unknown` says to skip it.
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
    """Raise a bad-parameter problem if there is a `selection` for the field `name`, which nests nothing."""
    if selection:
        raise bad_parameter("fields", f"fields: '{name}' does not support nested fields.")
