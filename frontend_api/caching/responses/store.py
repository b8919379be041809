"""Where entries are kept: Django's cache `api`, which may fail, and then costs a miss and no more."""

from typing import Any

from django.core.cache import caches

from frontend_api.caching.backends.circuit_breaker import CircuitBreaker
from frontend_api.caching.backends.memory import MemoryCache

from . import entries
from .entries import Entry

ALIAS = "api"
# A larger response is rendered each time; few are, and one of them would push out a hundred others.
LARGEST = 1_000_000

circuit_breaker = CircuitBreaker()


def get(key: str) -> Entry | None:
    """Return what is kept for `key`, if the cache has it and can say so."""
    if circuit_breaker.is_open:
        return None
    try:
        kept: Any = caches[ALIAS].get(key)
        if isinstance(kept, bytes):
            return entries.decoded(kept, key)
    except Exception as error:
        # Each backend has errors of its own. What it kept may also be damaged.
        circuit_breaker.failed(error)
        return None
    return kept if isinstance(kept, Entry) else None


def put(key: str, entry: Entry) -> None:
    """Keep `entry`, if the cache can."""
    if entry.size > LARGEST or circuit_breaker.is_open:
        return
    try:
        cache = caches[ALIAS]
        # In the memory of this process nobody else writes.
        cache.set(key, entry if isinstance(cache, MemoryCache) else entries.encoded(entry, key))
    except Exception as error:
        circuit_breaker.failed(error)
