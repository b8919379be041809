"""A cache in the memory of the process that takes no more of it than it is given.

Django's own counts entries, which says nothing where one is ten thousand times as large as another. And it copies all
that it gives out, which takes longer than all else that a hit does; here what nobody can change is given out as it is.
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
    """A value as it is, or a pickled copy of one that could be changed, and when it is over."""

    value: Any
    is_copy: bool
    expires: float | None


def _is_unchangeable(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_unchangeable, value))
    return type(value) in UNCHANGEABLE


# One for each name, which all threads share.
_memories: dict[str, Bounded[str, _Kept]] = {}


class MemoryCache(BaseCache):
    """Django's cache framework on `LOCATION`, a name, within `OPTIONS["MAX_BYTES"]`, or 64 MiB; any text is a key."""

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
        """Keep `value` unless there is something for `key`."""
        if self.has_key(key, version):
            return False
        self.set(key, value, timeout, version)
        return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept for `key`, or `default`."""
        kept = self._take(self.make_key(key, version))
        if kept is None:
            return default
        # Only what was put here is read: `set` made these bytes, in this process.
        return pickle.loads(kept.value) if kept.is_copy else kept.value  # noqa: S301

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep `value`."""
        expires = self.get_backend_timeout(timeout)
        if _is_unchangeable(value):
            kept = _Kept(value, False, expires)
        else:
            kept = _Kept(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), True, expires)
        self._memory.put(self.make_key(key, version), kept)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep what there is for `key` for longer."""
        made = self.make_key(key, version)
        kept = self._take(made)
        if kept is None:
            return False
        self._memory.put(made, kept._replace(expires=self.get_backend_timeout(timeout)))
        return True

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Let go of what is kept for `key`."""
        return self._memory.pop(self.make_key(key, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Tell whether there is something for `key`."""
        return self._take(self.make_key(key, version)) is not None

    def clear(self) -> None:
        """Let go of everything."""
        self._memory.clear()
