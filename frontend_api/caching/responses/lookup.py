"""Looks for what is kept, at one state of the change log, which was read after the request came."""

import logging
import time
from datetime import datetime
from typing import NamedTuple

from django.db import Error, OperationalError, connection
from django.utils import timezone

from frontend_api import conf
from frontend_api.changes import versions
from frontend_api.changes.versions import State
from frontend_api.errors import is_outage
from frontend_api.postgresql.silence import GRACE, answering_within, is_bounded

from . import store
from .entries import Entry

# An entry more changes behind than this is stored again with the current version; a process remembers twice as many
# changes.
FAR_BEHIND = versions.MOST_CHANGES // 2
REST = 1
"""For how many seconds a database that is gone is left alone, or for as long as it took to find that out."""

logger = logging.getLogger("frontend_api.caching.database")


class Found(NamedTuple):
    """What is kept for a key."""

    entry: Entry | None
    holds: bool
    """Whether rendering it now would give the same."""
    state: State
    """Where the change log stands, at least as far as when it was read before."""
    at: datetime
    """When it was looked for."""


class LastKnown(NamedTuple):
    """What was last known of the change log."""

    state: State
    at: float
    """When that was, by `time.monotonic`."""


class _Database:
    """What reads have last heard of the database."""

    last: LastKnown | None = None
    rests_until = 0.0
    outage: Error | None = None


_database = _Database()


def last_known() -> LastKnown | None:
    """Return where the change log stood when it was last read in this process."""
    return _database.last


def heard_of(state: State) -> None:
    """Remember that the change log was just read, and stood there."""
    _database.last = LastKnown(state, time.monotonic())


def is_out() -> bool:
    """Return whether the database could not be used when it was last asked by `current_state`."""
    return _database.outage is not None


def current_state() -> State:
    """Return the state of the change log.

    On a hit nothing else notices that the database server closed the connection, so it retries with a new one. A
    database that was gone a moment ago is not tried again at once: each try may take as long as its time-out.
    """
    if _database.outage is not None and time.monotonic() < _database.rests_until:
        raise OperationalError(str(_database.outage))
    began = time.monotonic()
    try:
        state = _read_state()
    except Error as error:
        if is_outage(error):
            if _database.outage is None:
                logger.error("The database cannot be reached: %s", error)
            now = time.monotonic()
            # One that is silent is noticed slowly: most requests are not to wait for that.
            _database.rests_until, _database.outage = now + max(REST, now - began), error
        raise
    if _database.outage is not None:
        _database.outage = None
        logger.warning("The database is reached again.")
    heard_of(state)
    return state


def _read_state() -> State:
    try:
        if not is_bounded(connection):
            return versions.current()
        with answering_within(connection, _seconds()):
            return versions.current()
    except Error:
        if connection.in_atomic_block:
            raise
    connection.close()
    return versions.current()


def _seconds() -> int:
    """Return how long a server may be silent that is asked for one row; 0 is no limit of a read."""
    seconds = conf.statement_timeout()
    return seconds and seconds + GRACE


def found(key: str, state: State) -> Found:
    """Return what is kept for `key`, and whether it holds."""
    return judged(key, store.get(key), state)


def judged(key: str, entry: Entry | None, state: State) -> Found:
    """Return whether `entry`, which is kept for `key`, holds."""
    if entry is None:
        return Found(None, False, state, timezone.now())
    if state.version < entry.validity.seen.version:
        # The log may have moved on since `state` was read. An entry that is still newer is of another log.
        state = versions.current()
    now = timezone.now()
    holds = entry.validity.holds(state, now)
    if holds and entry.validity.since.version < state.version - FAR_BEHIND:
        entry = entry._replace(validity=entry.validity._replace(since=state, seen=state))
        store.put(key, entry)
    return Found(entry, holds, state, now)
