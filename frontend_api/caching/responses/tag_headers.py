"""The headers with the names by which a response is purged, and how many of them a client takes.

A client that keeps no more than so many names an answer, as Next.js does, says so in `Cache-Tag-Limit: 128`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from frontend_api.changes import surrogate_keys

LIMIT = "HTTP_CACHE_TAG_LIMIT"
_SURROGATE_KEY = "Surrogate-Key"

Header = tuple[str, str]


def of(names: Sequence[str]) -> tuple[Header, ...]:
    """Return the headers of a response with these names."""
    return (("Cache-Tag", ",".join(names)), (_SURROGATE_KEY, " ".join(names)))


def is_limit(environ: dict[str, Any]) -> bool:
    """Return whether the request says nothing of a limit, or something that is one."""
    if LIMIT not in environ:
        return True
    try:
        surrogate_keys.limit_in(environ[LIMIT])
    except ValueError:
        return False
    return True


def limited(sent: Iterable[Header], environ: dict[str, Any]) -> list[Header]:
    """Return the headers `sent` with no more names than the request takes."""
    known = list(sent)
    if LIMIT not in environ:
        return known
    names = dict(known)[_SURROGATE_KEY].split(" ")
    folded = surrogate_keys.folded(names, surrogate_keys.limit_in(environ[LIMIT]))
    return list((dict(known) | dict(of(folded))).items())
