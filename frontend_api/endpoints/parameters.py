"""Strict reading of query parameters: each must be known, given once, and have a usable value.

Values, lists and numbers are held to `bounds`, so that nothing that a client can send costs more than a page does.
"""

from collections.abc import Callable, Iterable

from django.http import QueryDict

from frontend_api import conf
from frontend_api.errors import BadParameters, bad_parameter
from frontend_api.serialization.nested import Level

from .bounds import LARGEST, MOST_VALUES, longest

DEFAULT_LIMIT = 20


def joined(query: QueryDict, lists: Iterable[str]) -> QueryDict:
    """Return `query` with each of the parameters `lists` given once, comma-separated: `order=a&order=b` is `order=a,b`.

    That is how many generated clients send lists.
    """
    repeated = [name for name in lists if len(query.getlist(name)) > 1]
    if not repeated:
        return query
    once = query.copy()
    for name in repeated:
        once[name] = ",".join(query.getlist(name))
    return once


def check(
    query: QueryDict,
    allowed: Iterable[str],
    hint: Callable[[str], str | None] = lambda name: None,
) -> None:
    """Raise one `BadParameters` naming all that are unknown, empty, too long, repeated or contain a null character.

    `hint` returns a sentence about a parameter that is unknown here and known elsewhere.
    """
    known = set(allowed)
    errors = {}
    for name, values in query.lists():
        shown = name[:100].replace("\x00", "�")
        if name == "format" and values == ["json"]:
            # Clients of v2 may ask for the one form that there is.
            continue
        if name not in known:
            errors[shown] = hint(name) or (
                f"'{shown}' is not a parameter of this endpoint; it takes {', '.join(sorted(known)) or 'none'}."
            )
        elif len(values) > 1:
            errors[shown] = f"{name} is given {len(values)} times; give it once."
        elif not values[0].strip() and name not in {"search", "q"}:
            errors[shown] = f"{name} has no value; give it one or leave it out."
        elif len(values[0]) > longest(name):
            errors[shown] = (
                f"{name} is {len(values[0])} characters long; the most is {longest(name)}."
            )
        elif "\x00" in values[0]:
            errors[shown] = f"{name} contains a null character."
    if errors:
        raise BadParameters(errors)


def several(name: str, text: str) -> list[str]:
    """Return the different values in a comma-separated list; raises `BadParameters` for too many."""
    values = list(dict.fromkeys(part.strip() for part in text.split(",")))
    if len(values) > MOST_VALUES:
        raise bad_parameter(name, f"{name} has {len(values)} values; the most is {MOST_VALUES}.")
    return values


def whole_number(name: str, text: str, *, minimum: int = 0) -> int:
    """Return the whole number in `text`; raises `BadParameters` unless it is from `minimum` to `LARGEST`."""
    if (
        not text.isascii()
        or not text.isdigit()
        or len(text) > 10
        or not minimum <= int(text) <= LARGEST
    ):
        raise bad_parameter(
            name, f"{name} is '{text[:40]}'; it must be a whole number from {minimum} on."
        )
    return int(text)


def rich_text_format(query: QueryDict) -> str:
    """Return how rich text is to be written: `html` or `markdown`; raises `BadParameters` for another format."""
    asked = query.get("rich_text_format", conf.rich_text_format())
    if asked not in conf.RICH_TEXT_FORMATS:
        raise bad_parameter(
            "rich_text_format",
            f"rich_text_format is '{asked[:40]}'; it must be html or markdown. What the database holds names private "
            "pages, so it is not shown.",
        )
    return str(asked)


VIEWS = {"teaser": Level.TEASER, "detail": Level.DETAIL}
"""The values of `view`, and how much each shows of an item."""


def view(query: QueryDict) -> Level:
    """Return how much of each page a listing shows; raises `BadParameters` for an unknown view."""
    asked = query.get("view", "teaser")
    if asked not in VIEWS:
        raise bad_parameter("view", f"view is '{asked[:40]}'; it takes detail or teaser.")
    return VIEWS[asked]


def default_limit() -> int:
    """Return how many items a listing shows if nobody asks for more or fewer."""
    most = conf.limit_max()
    return DEFAULT_LIMIT if most is None else min(DEFAULT_LIMIT, most)


def limit_and_offset(query: QueryDict) -> tuple[int, int]:
    """Return how many items to show and how many to skip; raises `BadParameters` for a bad value."""
    most = conf.limit_max()
    limit = whole_number("limit", query.get("limit", str(default_limit())))
    if most is not None and limit > most:
        raise bad_parameter("limit", f"limit is {limit}; the most is {most}.")
    return limit, whole_number("offset", query.get("offset", "0"))
