"""A Django cache backend in the memory of the process, limited in bytes.

Django's own counts entries, which limits little when one can be ten thousand times as large as another. It also copies
every value that it returns, which takes longer than the rest of a hit; this one returns immutable values as they are.
"""

import pickle
import time
from datetime import datetime
from typing import Any, NamedTuple

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from frontend_api.dependencies.bounded import Bounded

MAX_BYTES = 64 * 1024 * 1024
UNCHANGEABLE = (bytes, str, int, float, datetime, type(None))


class _Kept(NamedTuple):
    """An immutable value as it is or a pickled copy of a mutable one, with its expiry as a Unix time or None."""

    value: Any
    is_copy: bool
    expires: float | None


def _is_unchangeable(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_unchangeable, value))
    return type(value) in UNCHANGEABLE


# By `LOCATION`; all threads share them.
_memories: dict[str, Bounded[str, _Kept]] = {}


class MemoryCache(BaseCache):
    """A cache that takes at most `OPTIONS["MAX_BYTES"]` of memory, by default 64 MiB; any text is a valid key.

    `LOCATION` is a name; caches with the same name and size share their memory.
    """

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        room: int = params.get("OPTIONS", {}).get("MAX_BYTES", MAX_BYTES)
        memory = _memories.get(name)
        if memory is None or memory.most_bytes != room:
            memory = _memories[name] = Bounded(room)
        self._memory = memory

    def _take(self, key: str) -> _Kept | None:
        kept = self._memory.get(key)
        if kept is not None and kept.expires is not None and kept.expires <= time.time():
            self._memory.pop(key)
            return None
        return kept

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store `value` unless `key` has one already; return whether it was stored."""
        if self.has_key(key, version):
            return False
        self.set(key, value, timeout, version)
        return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value for `key`, or `default`."""
        kept = self._take(self.make_key(key, version))
        if kept is None:
            return default
        # `set` made these bytes in this process.
        return pickle.loads(kept.value) if kept.is_copy else kept.value  # noqa: S301

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Store `value` for `timeout` seconds, or forever if that is None."""
        expires = self.get_backend_timeout(timeout)
        if _is_unchangeable(value):
            kept = _Kept(value, False, expires)
        else:
            kept = _Kept(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), True, expires)
        self._memory.put(self.make_key(key, version), kept)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set a new timeout for `key`, in seconds; return whether there was a value."""
        made = self.make_key(key, version)
        kept = self._take(made)
        if kept is None:
            return False
        self._memory.put(made, kept._replace(expires=self.get_backend_timeout(timeout)))
        return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Delete the value for `key`; return whether there was one."""
        return self._memory.pop(self.make_key(key, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Return whether there is a value for `key`."""
        return self._take(self.make_key(key, version)) is not None

    def clear(self) -> None:
        """Delete all values."""
        self._memory.clear()

    @property
    def size(self) -> int:
        """How much of the memory is taken, in bytes."""
        return self._memory.size
