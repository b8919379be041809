"""Purges one cache in a thread of its own, so that the caller can stop waiting for it."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from frontend_api.changes import surrogate_keys
from frontend_api.changes.tags import EVERYTHING

from . import addresses, former_names
from .backends import PurgeFailed
from .pending import PendingPurge
from .targets import Target

# Above this, a wildcard is purged where the cache supports it: services charge per address, take a few thousand at a
# time, and count a wildcard as one.
MOST_ADDRESSES = 50


class Attempt(threading.Thread):
    """One attempt to purge a cache. Only `__init__` reads the database, in the caller's thread."""

    def __init__(self, target: Target, due: PendingPurge) -> None:
        # A cache that never answers must not keep the process alive.
        super().__init__(name=f"purge {target.name}", daemon=True)
        self._error: str | None = None
        act = _by_tag(target, due) if target.takes_tags else _by_address(target, due.tags)
        self._act: Callable[[], None] = act

    def run(self) -> None:
        """Purge the cache, and keep the error if that fails."""
        try:
            self._act()
        except Exception as error:
            # Each backend has its own errors.
            self._error = f"{type(error).__name__}: {error}"

    def error(self, deadline: float) -> str | None:
        """Wait until `deadline`, in `time.monotonic()` seconds, and return what went wrong, or None."""
        self.join(max(0.0, deadline - time.monotonic()))
        return "It does not answer in time." if self.is_alive() else self._error


def _by_tag(target: Target, due: PendingPurge) -> Callable[[], None]:
    names = surrogate_keys.of_change(due.tags)
    if EVERYTHING in due.tags:
        names += [one for one in former_names.of_everything(due.names) if one not in names]
    return lambda: target.backend().purge_tags(names)


def _by_address(target: Target, tags: Collection[str]) -> Callable[[], None]:
    known = addresses.depending_on(tags)
    if target.takes_wildcards and (EVERYTHING in tags or len(known) > MOST_ADDRESSES):
        known = [addresses.everything()]
    return lambda: _purge_addresses(target.backend(), known)


def _purge_addresses(backend: Any, known: Iterable[str]) -> None:
    batch = [one for one in known if backend.invalidates_hostname(urlsplit(one).netloc)]
    if batch:
        with _Complaints() as complaints:
            backend.purge_batch(batch)
        if complaints.first:
            raise PurgeFailed(complaints.first)


class _Complaints(logging.Handler):
    """Collects the errors that Wagtail's backends log in this thread: they report a failed purge in no other way."""

    # One of the backends logs to the root logger.
    LOGGERS = (logging.getLogger("wagtail.frontendcache"), logging.getLogger())

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first = ""
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first error."""
        if record.thread == self._thread and not self.first:
            self.first = record.getMessage()

    def __enter__(self) -> "_Complaints":
        for logger in self.LOGGERS:
            # By default the setting `LOGGING` disables existing loggers that it does not name.
            logger.disabled = False
            if not logger.isEnabledFor(logging.ERROR):
                raise PurgeFailed(
                    f"Nothing can tell whether it is purged, because the logger {logger.name!r} is silenced; let it "
                    "say what is an ERROR in the setting LOGGING."
                )
        for logger in self.LOGGERS:
            logger.addHandler(self)
        return self

    def __exit__(self, *exc_info: object) -> None:
        for logger in self.LOGGERS:
            logger.removeHandler(self)
