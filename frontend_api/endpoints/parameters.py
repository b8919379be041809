"""Query parameters, read strictly: each is known, given once, and has a value that can be used.

A value, a list and each of its parts are bounded, so that nothing that a client can send costs more than a page does.
"""

from collections.abc import Iterable

from django.http import QueryDict

from frontend_api.errors import BadParameters, bad_parameter

DEFAULT_LIMIT = 20
MAXIMUM_LIMIT = 100
LONGEST = 2_000
"""How many characters a value has at most."""
MOST_VALUES = 50
"""How many different values a list has at most."""
# Beyond what any column holds, so that no number reaches a database that cannot take it.
LARGEST = 2**31 - 1


def check(query: QueryDict, allowed: Iterable[str]) -> None:
    """Raise one problem that names every parameter that is unknown, empty, too long, given twice or not text."""
    known = set(allowed)
    errors = {}
    for name, values in query.lists():
        shown = name[:100].replace("\x00", "�")
        if name not in known:
            errors[shown] = (
                f"'{shown}' is not a parameter of this endpoint; it takes {', '.join(sorted(known))}."
            )
        elif len(values) > 1:
            errors[shown] = f"{name} is given {len(values)} times; give it once."
        elif not values[0].strip():
            errors[shown] = f"{name} has no value; give it one or leave it out."
        elif len(values[0]) > LONGEST:
            errors[shown] = f"{name} is {len(values[0])} characters long; the most is {LONGEST}."
        elif "\x00" in values[0]:
            errors[shown] = f"{name} contains a null character."
    if errors:
        raise BadParameters(errors)


def several(name: str, text: str) -> list[str]:
    """Return the different values in a list with commas, or raise a problem that names the parameter."""
    values = list(dict.fromkeys(part.strip() for part in text.split(",")))
    if len(values) > MOST_VALUES:
        raise bad_parameter(name, f"{name} has {len(values)} values; the most is {MOST_VALUES}.")
    return values


def whole_number(name: str, text: str, *, minimum: int = 0) -> int:
    """Return the whole number in `text`, or raise a problem that names the parameter."""
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


def limit_and_offset(query: QueryDict) -> tuple[int, int]:
    """Return how many items to give and how many to pass over."""
    limit = whole_number("limit", query.get("limit", str(DEFAULT_LIMIT)))
    if limit > MAXIMUM_LIMIT:
        raise bad_parameter("limit", f"limit is {limit}; the most is {MAXIMUM_LIMIT}.")
    return limit, whole_number("offset", query.get("offset", "0"))
