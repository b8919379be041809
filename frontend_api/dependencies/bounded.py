"""In-memory caches limited in bytes, counting keys and Python's own overhead, too.

A limit on the number of entries would mean little: one entry can be a thousand times as large as another, and clients
determine much of what is in them.
"""

import sys
import threading
from collections.abc import Callable, Hashable, Mapping
from functools import update_wrapper
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# Bytes that an entry takes besides its key and value: its slots in the hash tables, and the (value, size) pair.
OVERHEAD = 400


class Bounded(Generic[Key, Value]):
    """A mapping shared by all threads; above `most_bytes` it evicts the least recently used entries."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: LRUCache[Key, tuple[Value, int]] = LRUCache(
            most_bytes, getsizeof=lambda pair: pair[1]
        )

    def get(self, key: Key) -> Value | None:
        """Return the value for `key`, or None."""
        with self._lock:
            pair = self._kept.get(key)
        return pair[0] if pair is not None else None

    def put(self, key: Key, value: Value) -> None:
        """Store `value`, unless it alone would exceed `most_bytes`."""
        size = OVERHEAD + size_of(key) + size_of(value)
        with self._lock:
            self._kept.pop(key, None)
            if size <= self.most_bytes:
                self._kept[key] = value, size

    def pop(self, key: Key) -> bool:
        """Remove `key`, and return whether it was there."""
        with self._lock:
            return self._kept.pop(key, None) is not None

    def clear(self) -> None:
        """Remove all entries."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._kept)

    @property
    def size(self) -> int:
        """The size of all entries, in bytes."""
        return int(self._kept.currsize)


def size_of(value: Any) -> int:
    """Return the size of a value in bytes, with the items of a collection; other objects define `__sizeof__`."""
    own = sys.getsizeof(value)
    if isinstance(value, tuple | list | set | frozenset):
        return own + sum(map(size_of, value))
    if isinstance(value, Mapping):
        return own + sum(size_of(key) + size_of(held) for key, held in value.items())
    return own


class Memoized(Generic[Value]):
    """A function that caches its results by its arguments, in at most `most_bytes`."""

    def __init__(self, function: Callable[..., Value], most_bytes: int) -> None:
        self.__wrapped__ = function
        self.known: Bounded[tuple[Any, ...], Value] = Bounded(most_bytes)
        self.cache_clear = self.known.clear
        update_wrapper(self, function, updated=())

    def __call__(self, *arguments: Any) -> Value:
        """Return the cached or a new result; a call with an unhashable argument is not cached."""
        if not all(isinstance(argument, Hashable) for argument in arguments):
            return self.__wrapped__(*arguments)
        value = self.known.get(arguments)
        if value is None:
            value = self.__wrapped__(*arguments)
            self.known.put(arguments, value)
        return value


def memoized(most_bytes: int) -> Callable[[Callable[..., Value]], Memoized[Value]]:
    """Return a decorator that caches results as `functools.lru_cache` does, but limited in bytes."""
    return lambda function: Memoized(function, most_bytes)
