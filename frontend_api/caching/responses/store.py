"""Reads and writes entries in one of Django's caches; if that fails, the result is a miss and nothing worse."""

from collections.abc import Callable
from typing import Any

from django.core.cache import BaseCache, caches

from frontend_api import conf
from frontend_api.caching.backends.circuit_breaker import CircuitBreaker
from frontend_api.caching.backends.memory import MemoryCache

from . import entries
from .entries import Entry

# In bytes. Larger responses, which are rare, are rendered each time: one would evict a hundred others.
LARGEST = 1_000_000

# In seconds: how long another process is taken to render what it said that it would.
LONGEST_CLAIM = 5

circuit_breaker = CircuitBreaker()

_listeners: list[Callable[[str, Entry], None]] = []


def listen(listener: Callable[[str, Entry], None]) -> None:
    """Have whoever answers from another process told what is kept in the memory of this one."""
    _listeners.append(listener)


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


def memory() -> MemoryCache | None:
    """Return the cache if it is in the memory of this process."""
    cache = caches[conf.cache_alias()]
    return cache if isinstance(cache, MemoryCache) else None


def put(key: str, entry: Entry) -> None:
    """Store `entry`, unless it is larger than `LARGEST` or the cache fails."""
    if entry.size > LARGEST or circuit_breaker.is_open:
        return
    try:
        cache = caches[conf.cache_alias()]
        if not isinstance(cache, MemoryCache):
            cache.set(key, entries.encoded(entry, key))
            return
        # Nobody else can write to the memory of this process, so the entry needs no signature.
        cache.set(key, entry)
    except Exception as error:
        circuit_breaker.failed(error)
        return
    for listener in _listeners:
        listener(key, entry)


def claim(key: str) -> bool | None:
    """Tell other processes that this one renders what is kept for `key`; return whether it is the first to.

    Returns None if there is nobody to tell, because the cache is in the memory of this process or fails.
    """
    return _of_server(lambda cache: bool(cache.add(_claim(key), b"1", LONGEST_CLAIM)))


def is_claimed(key: str) -> bool:
    """Return whether some process renders it."""
    return bool(_of_server(lambda cache: cache.get(_claim(key)) is not None))


def release(key: str) -> None:
    """Tell them that it is done."""
    _of_server(lambda cache: bool(cache.delete(_claim(key))))


def _claim(key: str) -> str:
    return f"{key}:claim"


def _of_server(ask: Callable[[BaseCache], bool]) -> bool | None:
    cache = caches[conf.cache_alias()]
    if isinstance(cache, MemoryCache) or circuit_breaker.is_open:
        return None
    try:
        return ask(cache)
    except Exception as error:
        circuit_breaker.failed(error)
        return None
