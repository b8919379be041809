"""Where entries are kept: Django's cache `api`, which may fail, and then costs a miss and no more."""

from django.core.cache import caches

from .breaker import Breaker
from .entries import Entry

ALIAS = "api"
# A larger response is rendered each time; few are, and one of them would push out a hundred others.
LARGEST = 1_000_000

breaker = Breaker()


def get(key: str) -> Entry | None:
    """Return what is kept for `key`, if the cache has it and can say so."""
    if breaker.is_open:
        return None
    try:
        entry = caches[ALIAS].get(key)
    except Exception as error:
        # Each backend has errors of its own. What it kept may also be damaged.
        breaker.failed(error)
        return None
    return entry if isinstance(entry, Entry) else None


def put(key: str, entry: Entry) -> None:
    """Keep `entry`, if the cache can."""
    if entry.size > LARGEST or breaker.is_open:
        return
    try:
        caches[ALIAS].set(key, entry)
    except Exception as error:
        breaker.failed(error)
