"""Ends a statement of a read that takes the database too long, on PostgreSQL and on SQLite alike.

A server of PostgreSQL that is stopped keeps no limit: with the backend `frontend_api.postgresql` it is given up a
little later.

Only a read of the API has this limit. Whatever else its connection serves, such as the admin, has its own again
after it. On other databases there is none.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import Error, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from frontend_api import conf
from frontend_api.changes import versions
from frontend_api.postgresql.silence import GRACE, answering_within

logger = logging.getLogger("frontend_api.timeouts")

# PostgreSQL's code for a statement that was ended from outside.
_QUERY_CANCELED = "57014"
# SQLite asks after so many of its steps, some tenths of a millisecond, whether to go on.
_STEPS = 20_000


class _Limit:
    """The limit of one read, on each connection that it asks."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._ends_at = 0.0
        self._limited: dict[str, tuple[BaseDatabaseWrapper, Any]] = {}
        self._silences = ExitStack()

    def begin(self, connection: BaseDatabaseWrapper) -> None:
        """Have the statement that comes next end in time."""
        self._ends_at = time.monotonic() + self._seconds
        _, limited = self._limited.get(connection.alias, (None, None))
        if limited is connection.connection:
            return
        self._limited[connection.alias] = connection, connection.connection
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(self._is_over, _STEPS)
        elif connection.vendor == "postgresql":
            self._silences.enter_context(answering_within(connection, self._seconds + GRACE))
            _execute(connection, f"SET statement_timeout = {self._seconds * 1000}")

    def lift(self) -> None:
        """Give each connection back as it was."""
        for connection, limited in self._limited.values():
            if connection.connection is not limited:
                # It was closed meanwhile, and its limit with it.
                continue
            if connection.vendor == "sqlite":
                limited.set_progress_handler(None, 0)
            elif connection.vendor == "postgresql":
                _reset(connection)
        self._silences.close()

    def _is_over(self) -> bool:
        return time.monotonic() > self._ends_at


_limit: ContextVar[_Limit | None] = ContextVar("statement_timeout", default=None)


@contextmanager
def limited() -> Iterator[None]:
    """Limit the statements that are run in this block, as the setting says."""
    seconds = conf.statement_timeout()
    if not seconds:
        yield
        return
    limit = _Limit(seconds)
    token = _limit.set(limit)
    try:
        yield
    finally:
        _limit.reset(token)
        limit.lift()


def is_exceeded(error: Exception) -> bool:
    """Return whether `error` is what the database says of a statement that took too long."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT
    return getattr(cause, "sqlstate", None) == _QUERY_CANCELED


def _reset(connection: BaseDatabaseWrapper) -> None:
    try:
        _execute(connection, "RESET statement_timeout")
    except Error:
        if connection.in_atomic_block:
            # Its transaction has failed, and takes the limit back as it is rolled back.
            return
        logger.exception("A connection keeps the limit of a read, and so is closed.")
        connection.close()


def _execute(connection: BaseDatabaseWrapper, statement: str) -> None:
    """Run a statement that says nothing of data, past all who count or watch statements."""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(statement)


def _limit_query(
    execute: Callable[..., Any], statement: Any, parameters: Any, many: bool, context: Any
) -> Any:
    limit = _limit.get()
    if limit is not None:
        limit.begin(context["connection"])
    return execute(statement, parameters, many, context)


versions.IGNORED_WRAPPERS.add(_limit_query)


@receiver(connection_created)
def _limit_connection(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Install `_limit_query` on a new connection, whatever thread opened it."""
    if _limit_query not in connection.execute_wrappers:
        # At the front, because `execute_wrapper()` adds and removes others at the end.
        connection.execute_wrappers.insert(0, _limit_query)
