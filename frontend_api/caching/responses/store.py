"""Reads and writes entries in one of Django's caches; if that fails, the result is a miss and nothing worse."""

from typing import Any

from django.core.cache import caches

from frontend_api import conf
from frontend_api.caching.backends.circuit_breaker import CircuitBreaker
from frontend_api.caching.backends.memory import MemoryCache

from . import entries
from .entries import Entry

# In bytes. Larger responses, which are rare, are rendered each time: one would evict a hundred others.
LARGEST = 1_000_000

circuit_breaker = CircuitBreaker()


def get(key: str) -> Entry | None:
    """Return the entry for `key`, or None if there is none or the cache fails."""
    if circuit_breaker.is_open:
        return None
    try:
        kept: Any = caches[conf.cache_alias()].get(key)
        if isinstance(kept, bytes):
            return entries.decoded(kept, key)
    except Exception as error:
        # Each backend has its own errors. The entry may also be damaged.
        circuit_breaker.failed(error)
        return None
    return kept if isinstance(kept, Entry) else None


def put(key: str, entry: Entry) -> None:
    """Store `entry`, unless it is larger than `LARGEST` or the cache fails."""
    if entry.size > LARGEST or circuit_breaker.is_open:
        return
    try:
        cache = caches[conf.cache_alias()]
        # Nobody else can write to the memory of this process, so the entry needs no signature.
        cache.set(key, entry if isinstance(cache, MemoryCache) else entries.encoded(entry, key))
    except Exception as error:
        circuit_breaker.failed(error)
