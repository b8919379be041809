"""Turns cache tags into the short names that CDNs purge by, for headers no longer than a proxy accepts.

The names are keyed hashes, because tags can refer to what the public may not see, such as a hidden page that would be
listed. Of several secret keys the oldest is used: what caches in front hold was named by it, and a purge has to name
the same. Once it is gone from `SECRET_KEY_FALLBACKS`, all that caches hold is purged by the name it had
(`caching.cdn.former_names`).

A cache may keep fewer names than a response has. Names are then folded: all those that begin alike become one, their
first character. Every purge names that character beside each name, so that it reaches what was folded and what was not,
and need not know which.
"""

import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.crypto import salted_hmac

from .tags import EVERYTHING

# Replaces the tags of a response that has too many for a header; every purge includes it.
MANY = "many"
# In bytes. Varnish rejects a header line above 8 kB; Fastly and Cloudflare accept twice as much.
LONGEST = 8_000
# How many characters of a name stand for all names that begin with them.
BUCKET = 1
# The fewest names that a response can be folded to: that of everything, and one that every other purge has.
FEWEST = 2
LIMIT_HEADER = "Cache-Tag-Limit"
MOST = 999_999
_LIMIT = re.compile(r"0*([0-9]{1,6})", re.ASCII)


def surrogate_keys(tags: Iterable[str]) -> list[str]:
    """Return the names of `tags` for caches in front, each of 10 characters."""
    return [_hashed(tag) for tag in sorted(set(tags))]


def of_response(tags: Iterable[str]) -> list[str]:
    """Return the names for the headers of a response that depends on `tags`."""
    names = surrogate_keys((EVERYTHING, *tags))
    if sum(len(name) + 1 for name in names) > LONGEST:
        return surrogate_keys((EVERYTHING, MANY))
    return names


def of_change(tags: Iterable[str]) -> list[str]:
    """Return the names of all responses that a change of `tags` makes old, also of those whose names were folded."""
    known = {*tags}
    if EVERYTHING in known:
        return surrogate_keys({EVERYTHING})
    names = surrogate_keys(known)
    return [*surrogate_keys({MANY}), *names, *sorted({name[:BUCKET] for name in names})]


def of_everything() -> str:
    """Return the name that all responses have."""
    [name] = surrogate_keys({EVERYTHING})
    return name


def limit_in(header: str) -> int:
    """Return how many names a client takes, as its `Cache-Tag-Limit` says; raises `ValueError` if that is no number."""
    found = _LIMIT.fullmatch(header.strip())
    if found is None or int(found[1]) < FEWEST:
        raise ValueError(
            f"{LIMIT_HEADER} is {header[:40]!r}; it has to be a whole number from {FEWEST} to {MOST}, such as 128."
        )
    return int(found[1])


def folded(names: Sequence[str], limit: int) -> list[str]:
    """Return at most `limit` names, at least `FEWEST`, for a response with these; a purge that had one has one of them.

    Names that begin alike are folded where that saves most, and as few as it takes: all others stay as precise.
    """
    if len(names) <= limit:
        return list(names)
    everything = of_everything()
    own = [name for name in names if name != everything]
    buckets = Counter(name[:BUCKET] for name in own)
    chosen: set[str] = set()
    left = len(own)
    for bucket, size in sorted(buckets.items(), key=lambda pair: (-pair[1], pair[0])):
        if left < limit:
            break
        chosen.add(bucket)
        left -= size - 1
    if left >= limit:
        return [everything, *surrogate_keys({MANY})]
    return [everything, *sorted(chosen), *(name for name in own if name[:BUCKET] not in chosen)]


def _hashed(tag: str) -> str:
    oldest = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1]
    digest = salted_hmac(
        "frontend_api.caching.header_tags", tag, oldest, algorithm="sha256"
    ).digest()
    return urlsafe_b64encode(digest)[:10].decode()
