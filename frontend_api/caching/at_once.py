"""Where the change log stands, read in the event loop itself: where the database is in this process, which is SQLite.

To hand a question to a thread, and its answer back, takes several times as long as to read that one row; and where
other threads are busy, both wait for them. Any other database is asked in a thread, and so is this one when it cannot
answer at once.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from frontend_api.changes import versions
from frontend_api.changes.versions import State

from .responses import lookup


class InProcess:
    """Reads where the change log stands without waiting for anything, with a connection of its own."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._was_tried = False

    def open(self) -> None:
        """Get ready if the database is one that can be read so; called in a thread that has just read from it."""
        database: Any = connections[DEFAULT_DB_ALIAS]
        if self._was_tried or database.connection is None:
            return
        self._was_tried = True
        if database.vendor != "sqlite" or database.is_in_memory_db():
            return
        # It never waits for whoever writes.
        parameters = {**database.get_connection_params(), "timeout": 0}
        try:
            opened = database.get_new_connection(parameters)
        except sqlite3.Error:
            # Those who were answered by the thread are not to notice; it is tried again after the next of them.
            self._was_tried = False
            return
        if opened.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            self._connection = opened
        else:
            # Without a log that is written ahead, readers wait for writers.
            opened.close()

    def __call__(self) -> State | None:
        """Return where the log stands, or None if a thread has to find out."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(versions.CURRENT).fetchone()
        except sqlite3.Error:
            # The thread meets the same, and says what it is. Once it can read, this is opened anew.
            self.close()
            return None
        return State(*row) if row else None

    def close(self) -> None:
        """Close the connection; it may be opened again."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._was_tried = None, False


class Shared:
    """Reads a state once for all who came before it is read, and never for somebody before they came."""

    def __init__(self, read: Callable[[], State | None]) -> None:
        self._read = read
        self._loop: asyncio.AbstractEventLoop | None = None
        self._state: State | None = None

    def state(self) -> State | None:
        """Return where the log stands, read after whoever asks came, or None if a thread has to find out."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            # A loop does first what it was given first. So whatever it does before it forgets was given to it before
            # this is read.
            loop.call_soon(self._forget)
            self._loop = loop
            self._state = None if lookup.is_out() else self._read()
            if self._state is not None:
                lookup.heard_of(self._state)
        return self._state

    def _forget(self) -> None:
        self._loop = None
