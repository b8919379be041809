"""How much a request may ask for: the one place that says how long and how many the values of parameters may be.

`parameters` and the filters hold requests to it, and the description names it, as `maxLength`, `maxItems`, `minimum`
and `maximum`. How long a whole query string may be says `frontend_api.errors`, which the cache in front asks as well.
"""

from collections.abc import Mapping

LONGEST = 2_000
"""The most characters that the value of a parameter may have, a list included, unless it has a bound of its own."""
MOST_VALUES = 50
"""The most different values that a list may have."""
LARGEST = 2**31 - 1
"""The largest number: that of 32 bits. A database may reject a larger one, so none is passed on."""
DEEPEST_FIELDS = 8
"""How deep `fields` may nest: each bracket is a call, so that more could exhaust the stack."""
LONGEST_WAIT = 25
"""For how many seconds an answer may be held; proxies give up after 30 or 60."""

_LONGEST_OF: Mapping[str, int] = {"old_path": 255, "q": 200, "search": 200, "token": 255}


def longest(name: str) -> int:
    """Return the most characters that the value of a parameter may have."""
    return _LONGEST_OF.get(name, LONGEST)
