"""Looks for what is kept, at one state of the change log, which was read after the request came."""

from datetime import datetime
from typing import NamedTuple

from django.db import Error, connection
from django.utils import timezone

from frontend_api.changes import versions
from frontend_api.changes.versions import State

from . import store
from .entries import Entry

# An entry more changes behind than this is stored again with the current version; a process remembers twice as many
# changes.
FAR_BEHIND = versions.MOST_CHANGES // 2


class Found(NamedTuple):
    """What is kept for a key."""

    entry: Entry | None
    holds: bool
    """Whether rendering it now would give the same."""
    state: State
    """Where the change log stands, at least as far as when it was read before."""
    at: datetime
    """When it was looked for."""


def current_state() -> State:
    """Return the state of the change log.

    On a hit nothing else notices that the database server closed the connection, so it retries with a new one.
    """
    try:
        return versions.current()
    except Error:
        if connection.in_atomic_block:
            raise
    connection.close()
    return versions.current()


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
