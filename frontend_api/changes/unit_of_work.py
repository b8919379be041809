"""Collects the changes of a transaction and writes them just before its commit, whoever began it.

A unit of work belongs to a database connection, and so to the thread or task that uses that connection; a context
copied to another thread does not carry it along. Django has no signal for a commit that is about to happen, so the
connection's own `commit` is replaced by one that finishes the unit first.

To notice rollbacks, each change registers a callback with `on_commit`: when Django rolls back to a savepoint, it drops
the callbacks that were registered since.
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
    """The changes that one transaction has not written yet, and what is to be done just before and after its commit."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._changes: list[tuple[PendingChange, Callable[[], None]]] = []
        self._beforehand: list[
            tuple[tuple[Callable[[list[Any]], Any], Any], Callable[[], None]]
        ] = []
        self._afterwards: list[tuple[tuple[Hashable, Callable[[], Any]], Callable[[], None]]] = []
        self._known: dict[Hashable, tuple[Any, Callable[[], None]]] = {}
        self.depth = 0
        """How many nested `transaction` blocks are open."""
        self.ends_with_commit = False
        """Whether the next commit finishes this unit."""

    def add(self, pending: PendingChange) -> None:
        """Write a change at the end of the transaction, unless a rollback to a savepoint undoes it."""
        self._changes.append((pending, self._mark()))

    def beforehand(self, act: Callable[[list[Any]], Any], item: Hashable) -> None:
        """Call `act` with its items at the end of the transaction, unless a rollback to a savepoint undoes them."""
        self._beforehand.append(((act, item), self._mark()))

    def afterwards(self, key: Hashable, act: Callable[[], Any]) -> None:
        """Call `act` after the commit, once for each key, unless a rollback to a savepoint undoes it."""
        self._afterwards.append(((key, act), self._mark()))

    def known(self, key: Hashable, find: Callable[[], T]) -> T:
        """Return what `find` returns, which is asked once until `forget` or until what it found is rolled back."""
        if key in self._known:
            found: list[T] = self._kept([self._known[key]])
            if found:
                return found[0]
        value = find()
        self._known[key] = value, self._mark()
        return value

    def forget(self, key: Hashable) -> None:
        """Ask again for what was known."""
        self._known.pop(key, None)

    @property
    def changes(self) -> list[PendingChange]:
        """The changes that were not rolled back."""
        return self._kept(self._changes)

    def finish(self) -> list[Callable[[], Any]]:
        """Do what is left to do, write the changes, and return what is to be called after the commit."""
        while self._beforehand:
            beforehand, self._beforehand = self._kept(self._beforehand), []
            items: dict[Callable[[list[Any]], Any], dict[Any, None]] = {}
            for act, item in beforehand:
                items.setdefault(act, {})[item] = None
            for act, of_act in items.items():
                act([*of_act])
        changes, afterwards = self.changes, dict(self._kept(self._afterwards))
        self._changes, self._afterwards, self._known = [], [], {}
        if changes:
            write(changes)
        return [*afterwards.values()]

    def _mark(self) -> Callable[[], None]:
        """Return a callback that Django drops if what is done now is rolled back."""
        callback = partial(_nothing)
        django_transaction.on_commit(callback, using=self._connection.alias)
        return callback

    def _kept(self, marked: list[tuple[T, Callable[[], None]]]) -> list[T]:
        kept = {id(callback) for _, callback, *_ in self._connection.run_on_commit}
        return [item for item, callback in marked if id(callback) in kept]


def _nothing() -> None:
    """Do nothing; it is registered as a callback only to mark a change."""


def current() -> UnitOfWork | None:
    """Return the unit that collects changes now, or None if each change is a transaction of its own."""
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
    """Run the block in a transaction, or as part of the current one.

    The transaction of a test is never committed; the end of the outermost block stands in for its commit.
    """
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
            # What is done last may log something, too, which belongs to the same unit.
            unit.depth += 1
            try:
                afterwards = unit.finish()
            finally:
                unit.depth -= 1
            for act in afterwards:
                act()


def is_pending() -> bool:
    """Return whether the current transaction has changes that are not written yet."""
    connection = django_transaction.get_connection(DEFAULT_DB_ALIAS)
    return connection.in_atomic_block and bool(_of(connection).changes)


def _of(connection: BaseDatabaseWrapper) -> UnitOfWork:
    unit: UnitOfWork | None = connection.__dict__.get(_ATTRIBUTE)
    if unit is None:
        unit = connection.__dict__[_ATTRIBUTE] = UnitOfWork(connection)
    return unit


def _finish_with_commit(connection: BaseDatabaseWrapper, unit: UnitOfWork) -> None:
    """Make the next commit of `connection` finish `unit` first; after a rollback the unit has nothing to write."""
    commit = connection.commit
    # Other code may have replaced `commit` too; its version is put back later.
    before = {name: found for name, found in connection.__dict__.items() if name == "commit"}
    unit.ends_with_commit = True

    def finish_and_commit() -> None:
        if connection.__dict__.get("commit") is finish_and_commit:
            del connection.__dict__["commit"]
            connection.__dict__.update(before)
        try:
            with _still_open(connection):
                if unit.changes and connection.vendor == "postgresql":
                    # PostgreSQL would do so in the commit, where it may wait for another transaction that changes a
                    # row which a new row refers to, while everyone else waits for the row that hands out versions.
                    connection.check_constraints()
                for act in unit.finish():
                    django_transaction.on_commit(act, using=connection.alias, robust=True)
        except BaseException:
            # Django rolls back only if the database raises the error.
            connection.rollback()
            raise
        finally:
            unit.ends_with_commit = False
        commit()

    connection.__dict__["commit"] = finish_and_commit


@contextmanager
def _still_open(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Run the block as part of a transaction that Django already considers over."""
    commits = connection.commit_on_exit
    connection.in_atomic_block = connection.commit_on_exit = True
    try:
        yield
    finally:
        connection.in_atomic_block = False
        connection.commit_on_exit = commits


def _is_never_committed(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the transaction is that of a test, which is always rolled back."""
    # A private mark of Django; a transaction without it is taken to be one that ends.
    return any(getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
