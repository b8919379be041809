"""The changes of a transaction, which are written in its last moment, whoever began it and however long it takes.

A unit of work belongs to a connection to the database, and so to the thread or task that uses the connection; a context
that was copied to another thread takes none along. Django tells nobody that a transaction is about to be committed, so
that the commit of the connection itself is made to finish the unit first.

Django runs callbacks once a transaction has been committed. They are used here for what they know beside: a callback
goes when a savepoint takes back what was done since it was added.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db import transaction as django_transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .writing import PendingChange, write

T = TypeVar("T")

_ATTRIBUTE = "_frontend_api_unit_of_work"


class UnitOfWork:
    """What one transaction has changed and not yet written, and what is to be done once it is committed."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._changes: list[tuple[PendingChange, Callable[[], None]]] = []
        self._afterwards: list[tuple[tuple[Hashable, Callable[[], Any]], Callable[[], None]]] = []
        self.depth = 0
        """How many blocks of code are entered that want to be one transaction."""
        self.ends_with_commit = False
        """Whether the next commit finishes it."""

    def add(self, pending: PendingChange) -> None:
        """Have a change written at the end, unless a savepoint takes it back."""
        self._changes.append((pending, self._mark()))

    def afterwards(self, key: Hashable, act: Callable[[], Any]) -> None:
        """Do something once all is committed, one time for each key, unless a savepoint takes it back."""
        self._afterwards.append(((key, act), self._mark()))

    @property
    def changes(self) -> list[PendingChange]:
        """The changes that were not taken back."""
        return self._kept(self._changes)

    def finish(self) -> list[Callable[[], Any]]:
        """Write the changes, and return what is to be done afterwards."""
        changes, afterwards = self.changes, dict(self._kept(self._afterwards))
        self._changes, self._afterwards = [], []
        if changes:
            write(changes)
        return [*afterwards.values()]

    def _mark(self) -> Callable[[], None]:
        """Return a callback that stays with the transaction for as long as what is done now does."""
        callback = partial(_nothing)
        django_transaction.on_commit(callback, using=self._connection.alias)
        return callback

    def _kept(self, marked: list[tuple[T, Callable[[], None]]]) -> list[T]:
        kept = {id(callback) for _, callback, *_ in self._connection.run_on_commit}
        return [item for item, callback in marked if id(callback) in kept]


def _nothing() -> None:
    """Stand among the callbacks of a transaction."""


def current() -> UnitOfWork | None:
    """Return the unit that collects what is done now, or None where each change is a transaction of its own."""
    connection = django_transaction.get_connection(DEFAULT_DB_ALIAS)
    if not connection.in_atomic_block:
        return None
    unit = _of(connection)
    if _is_never_committed(connection):
        return unit if unit.depth else None
    if not unit.ends_with_commit:
        _finish_with_commit(connection, unit)
    return unit


@contextmanager
def transaction() -> Iterator[None]:
    """Make what is done here one transaction, or a part of the one that is going on."""
    connection = django_transaction.get_connection(DEFAULT_DB_ALIAS)
    with django_transaction.atomic(using=connection.alias):
        unit = _of(connection)
        unit.depth += 1
        try:
            yield
        finally:
            unit.depth -= 1
        is_outermost = not unit.depth and _is_never_committed(connection)
        if is_outermost and not connection.needs_rollback:
            for act in unit.finish():
                act()


def is_pending() -> bool:
    """Tell whether there are changes here that are made and not yet written."""
    connection = django_transaction.get_connection(DEFAULT_DB_ALIAS)
    return connection.in_atomic_block and bool(_of(connection).changes)


def _of(connection: BaseDatabaseWrapper) -> UnitOfWork:
    unit: UnitOfWork | None = connection.__dict__.get(_ATTRIBUTE)
    if unit is None:
        unit = connection.__dict__[_ATTRIBUTE] = UnitOfWork(connection)
    return unit


def _finish_with_commit(connection: BaseDatabaseWrapper, unit: UnitOfWork) -> None:
    """Have the next commit of `connection` finish `unit` first; after a rollback it has nothing left to write."""
    commit = connection.commit
    # Others may have put something in its place too.
    before = {name: found for name, found in connection.__dict__.items() if name == "commit"}
    unit.ends_with_commit = True

    def finish_and_commit() -> None:
        if connection.__dict__.get("commit") is finish_and_commit:
            del connection.__dict__["commit"]
            connection.__dict__.update(before)
        unit.ends_with_commit = False
        try:
            with _still_open(connection):
                if unit.changes and connection.vendor == "postgresql":
                    # It would do so once it commits, and wait for whoever changes what a new row names, while everybody
                    # else waits for the row that hands out versions.
                    connection.check_constraints()
                for act in unit.finish():
                    django_transaction.on_commit(act, using=connection.alias, robust=True)
        except BaseException:
            # Django does so where the database raises the error, and nowhere else.
            connection.rollback()
            raise
        commit()

    connection.__dict__["commit"] = finish_and_commit


@contextmanager
def _still_open(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Do something in a transaction that, as far as Django knows, is left already."""
    commits = connection.commit_on_exit
    connection.in_atomic_block = connection.commit_on_exit = True
    try:
        yield
    finally:
        connection.in_atomic_block = False
        connection.commit_on_exit = commits


def _is_never_committed(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the transaction is that of a test, which is rolled back whatever is done in it."""
    # Django marks these for itself; whoever marks nothing has transactions that end.
    return any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
