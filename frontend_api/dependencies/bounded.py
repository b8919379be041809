"""What a process remembers, within a number of bytes: keys, and what Python needs to hold them, are counted too.

To count entries says nothing where one is a thousand times as large as another, and clients choose much of what is in
them.
"""

import sys
import threading
from collections.abc import Callable, Hashable, Mapping
from functools import update_wrapper
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

# What holding an entry takes beside the key and the value: its places in the tables, and the pair that has its size.
OVERHEAD = 400


class Bounded(Generic[Key, Value]):
    """A mapping that all threads share; beyond `most_bytes` what was used longest ago goes first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: LRUCache[Key, tuple[Value, int]] = LRUCache(
            most_bytes, getsizeof=lambda pair: pair[1]
        )

    def get(self, key: Key) -> Value | None:
        """Return what is kept for `key`, or None."""
        with self._lock:
            pair = self._kept.get(key)
        return pair[0] if pair is not None else None

    def put(self, key: Key, value: Value) -> None:
        """Keep `value`, unless it alone is more than there is room for."""
        size = OVERHEAD + size_of(key) + size_of(value)
        with self._lock:
            self._kept.pop(key, None)
            if size <= self.most_bytes:
                self._kept[key] = value, size

    def pop(self, key: Key) -> bool:
        """Let go of `key`, and tell whether it was there."""
        with self._lock:
            return self._kept.pop(key, None) is not None

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._kept)

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return int(self._kept.currsize)


def size_of(value: Any) -> int:
    """Return how many bytes a value takes, with what is in it; an object says so itself, in `__sizeof__`."""
    own = sys.getsizeof(value)
    if isinstance(value, tuple | list | set | frozenset):
        return own + sum(map(size_of, value))
    if isinstance(value, Mapping):
        return own + sum(size_of(key) + size_of(held) for key, held in value.items())
    return own


class Memoized(Generic[Value]):
    """A function that remembers what it gave for its arguments, in so many bytes."""

    def __init__(self, function: Callable[..., Value], most_bytes: int) -> None:
        self.__wrapped__ = function
        self.known: Bounded[tuple[Any, ...], Value] = Bounded(most_bytes)
        self.cache_clear = self.known.clear
        update_wrapper(self, function, updated=())

    def __call__(self, *arguments: Any) -> Value:
        """Return what the function gives, or gave before."""
        if not all(isinstance(argument, Hashable) for argument in arguments):
            return self.__wrapped__(*arguments)
        value = self.known.get(arguments)
        if value is None:
            value = self.__wrapped__(*arguments)
            self.known.put(arguments, value)
        return value


def memoized(most_bytes: int) -> Callable[[Callable[..., Value]], Memoized[Value]]:
    """Let a function remember what it gave, as `functools.lru_cache` does, but in so many bytes."""
    return lambda function: Memoized(function, most_bytes)
