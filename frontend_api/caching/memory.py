"""A cache in the memory of the process that takes no more of it than it is given.

Django's own counts entries, which says nothing where one is ten thousand times as large as another.
"""

import pickle
import threading
import time
from collections import OrderedDict
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

# What Python needs for an entry besides its bytes.
OVERHEAD = 400


class _Memory:
    """The entries of one cache, which all threads share: the least recently used goes first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.entries: OrderedDict[str, tuple[bytes, float | None]] = OrderedDict()
        self.size = 0

    def take(self, key: str) -> bytes | None:
        """Return what is kept for `key`, as what was used last."""
        with self.lock:
            kept = self.entries.get(key)
            if kept is None:
                return None
            data, expires = kept
            if expires is not None and expires <= time.time():
                self._remove(key)
                return None
            self.entries.move_to_end(key)
            return data

    def put(self, key: str, data: bytes, expires: float | None, room: int) -> None:
        """Keep `data`, and let go what does not fit into `room` bytes with it."""
        with self.lock:
            self._remove(key)
            if _taken(data) > room:
                return
            self.entries[key] = data, expires
            self.size += _taken(data)
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
        self.size -= _taken(kept[0])
        return True


def _taken(data: bytes) -> int:
    return len(data) + OVERHEAD


_memories: dict[str, _Memory] = {}


class MemoryCache(BaseCache):
    """Django's cache framework on `LOCATION`, a name, within `OPTIONS["MAX_BYTES"]`."""

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
        data = self._memory.take(self.make_and_validate_key(key, version))
        # Only what was put here is read: `set` made these bytes.
        return default if data is None else pickle.loads(data)  # noqa: S301

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep `value`."""
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        expires = self.get_backend_timeout(timeout)
        self._memory.put(self.make_and_validate_key(key, version), data, expires, self._room)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep what there is for `key` for longer."""
        made = self.make_and_validate_key(key, version)
        data = self._memory.take(made)
        if data is None:
            return False
        self._memory.put(made, data, self.get_backend_timeout(timeout), self._room)
        return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Let go of what is kept for `key`."""
        return self._memory.remove(self.make_and_validate_key(key, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Tell whether there is something for `key`."""
        return self._memory.take(self.make_and_validate_key(key, version)) is not None

    def clear(self) -> None:
        """Let go of everything."""
        self._memory.clear()
