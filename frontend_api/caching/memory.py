"""A cache in the memory of the process that takes no more of it than it is given.

Django's own counts entries, which says nothing where one is ten thousand times as large as another. And it copies all
that it gives out, which takes longer than all else that a hit does; here what nobody can change is given out as it is.
"""

import pickle
import sys
import threading
import time
from collections import OrderedDict
from datetime import datetime
from typing import Any, NamedTuple

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

# What Python needs for an entry besides what is kept, and its key.
OVERHEAD = 400
UNCHANGEABLE = (bytes, str, int, float, datetime, type(None))


class _Kept(NamedTuple):
    """A value as it is, or a pickled copy of one that could be changed, and the bytes of memory that it takes."""

    value: Any
    is_copy: bool
    size: int
    expires: float | None = None


class _Memory:
    """The entries of one cache, which all threads share: the least recently used goes first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.entries: OrderedDict[str, _Kept] = OrderedDict()
        self.size = 0

    def take(self, key: str) -> _Kept | None:
        """Return what is kept for `key`, as what was used last."""
        with self.lock:
            kept = self.entries.get(key)
            if kept is None:
                return None
            if kept.expires is not None and kept.expires <= time.time():
                self._remove(key)
                return None
            self.entries.move_to_end(key)
            return kept

    def put(self, key: str, kept: _Kept, room: int) -> None:
        """Keep something, and let go what does not fit into `room` bytes with it."""
        with self.lock:
            self._remove(key)
            if kept.size > room:
                return
            self.entries[key] = kept
            self.size += kept.size
            while self.size > room:
                self._remove(next(iter(self.entries)))

    def remove(self, key: str) -> bool:
        """Let go of `key`, and tell whether it was there."""
        with self.lock:
            return self._remove(key)

    def clear(self) -> None:
        """Let go of everything."""
        with self.lock:
            self.entries.clear()
            self.size = 0

    def _remove(self, key: str) -> bool:
        kept = self.entries.pop(key, None)
        if kept is None:
            return False
        self.size -= kept.size
        return True


def _kept(value: Any) -> _Kept:
    size = _size(value)
    if size is not None:
        return _Kept(value, False, size + OVERHEAD)
    copy = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _Kept(copy, True, len(copy) + OVERHEAD)


def _size(value: Any) -> int | None:
    """Return how many bytes a value takes, or None if it is none that nobody can change."""
    own = sys.getsizeof(value)
    if not isinstance(value, tuple):
        return own if type(value) in UNCHANGEABLE else None
    for part in value:
        size = _size(part)
        if size is None:
            return None
        own += size
    return own


_memories: dict[str, _Memory] = {}


class MemoryCache(BaseCache):
    """Django's cache framework on `LOCATION`, a name, within `OPTIONS["MAX_BYTES"]`; any text is a key."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._room: int = params["OPTIONS"]["MAX_BYTES"]
        self._memory = _memories.setdefault(name, _Memory())

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep `value` unless there is something for `key`."""
        if self.has_key(key, version):
            return False
        self.set(key, value, timeout, version)
        return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept for `key`, or `default`."""
        kept = self._memory.take(self.make_key(key, version))
        if kept is None:
            return default
        # Only what was put here is read: `set` made these bytes.
        return pickle.loads(kept.value) if kept.is_copy else kept.value  # noqa: S301

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep `value`."""
        kept = _kept(value)._replace(expires=self.get_backend_timeout(timeout))
        self._memory.put(self.make_key(key, version), kept, self._room)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep what there is for `key` for longer."""
        made = self.make_key(key, version)
        kept = self._memory.take(made)
        if kept is None:
            return False
        kept = kept._replace(expires=self.get_backend_timeout(timeout))
        self._memory.put(made, kept, self._room)
        return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Let go of what is kept for `key`."""
        return self._memory.remove(self.make_key(key, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Tell whether there is something for `key`."""
        return self._memory.take(self.make_key(key, version)) is not None

    def clear(self) -> None:
        """Let go of everything."""
        self._memory.clear()
