"""Ends the transaction of a request while something is waited for, and begins it again.

Whoever writes waits for whoever else writes: on SQLite for any other transaction, on PostgreSQL for one that has locked
the same row. So nothing is waited for in a transaction that takes seconds: an upload to a bucket, a large picture that
is read, a password that is hashed. A form that has to do so while it is validated does it in `paused`. That is before
anything is written, so the transaction that is ended was empty, and what is written later is in one transaction still.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, IntegrityError
from django.db import transaction as django_transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from .transaction import transaction

_ATTRIBUTE = "_frontend_api_pausable"
# All else may write, and a lock that is held must not be let go.
_READ = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN)\b", re.IGNORECASE)
_LOCK = re.compile(r"\bFOR\s+(NO\s+KEY\s+)?(UPDATE|SHARE|KEY)\b", re.IGNORECASE)


class ChangedMeanwhileError(IntegrityError):
    """Somebody has changed or deleted an object while a transaction was paused."""


class Pausable:
    """A transaction that can be ended and begun again for as long as nothing is written in it."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._begun = ExitStack()
        self._is_begun = self._has_written = False
        self._blocks = self._callbacks = 0
        self._when_over: list[Callable[[], Any]] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run a block in the transaction."""
        try:
            with self._connection.execute_wrapper(self._watch), self._begun:
                self.begin()
                yield
        finally:
            self._is_begun = False
            for act in self._when_over:
                act()

    def begin(self) -> None:
        """Begin, for the first time or again."""
        self._begun.enter_context(transaction())
        self._blocks = len(self._connection.atomic_blocks)
        self._callbacks = len(self._connection.run_on_commit)
        self._has_written = False
        self._is_begun = True

    def end(self) -> None:
        """End what has changed nothing."""
        self._is_begun = False
        self._begun.close()

    def when_over(self, act: Callable[[], Any]) -> None:
        """Call `act`, which must not fail, once it is committed or rolled back."""
        self._when_over.append(act)

    @property
    def is_begun(self) -> bool:
        """Whether it is neither paused nor over."""
        return self._is_begun

    @property
    def can_pause(self) -> bool:
        """Whether ending it now loses nothing: no change, no lock, and no other transaction around it or within."""
        blocks = self._connection.atomic_blocks
        return (
            self._is_begun
            and not self._has_written
            and not self._connection.needs_rollback
            and len(blocks) == self._blocks
            and len(self._connection.run_on_commit) == self._callbacks
            # A private mark of Django: the transaction of a test, which is around everything.
            and all(getattr(block, "_from_testcase", False) for block in blocks[:-1])
        )

    def _watch(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        text = str(sql)
        if not _READ.match(text) or _LOCK.search(text):
            self._has_written = True
        return execute(sql, params, many, context)


@contextmanager
def pausable() -> Iterator[None]:
    """Run the block in a transaction, as `transaction` does, which `paused` can end for a while."""
    connection = django_transaction.get_connection(DEFAULT_DB_ALIAS)
    outer = connection.__dict__.get(_ATTRIBUTE)
    made = connection.__dict__[_ATTRIBUTE] = Pausable(connection)
    try:
        with made.running():
            yield
    finally:
        connection.__dict__[_ATTRIBUTE] = outer


def is_waited_for() -> bool:
    """Return whether this runs in a `pausable` transaction, for whose end others may wait."""
    connection = django_transaction.get_connection(DEFAULT_DB_ALIAS)
    current: Pausable | None = connection.__dict__.get(_ATTRIBUTE)
    return current is not None and current.is_begun


@contextmanager
def paused(instance: Model) -> Iterator[Pausable | None]:
    """Run the block outside of the transaction, and give what was paused; None where nothing can be.

    That is where something is written already, and where there is no transaction or one that is not `pausable`. Raises
    `ChangedMeanwhileError` if `instance` is not stored any more as it was before the block.
    """
    connection = django_transaction.get_connection(DEFAULT_DB_ALIAS)
    current: Pausable | None = connection.__dict__.get(_ATTRIBUTE)
    if current is None or not current.can_pause:
        yield None
        return
    before = _row(instance)
    current.end()
    try:
        yield current
    finally:
        current.begin()
    if before is not None and _row(instance, is_locked=True) != before:
        raise ChangedMeanwhileError(f"{instance!r} was changed while something was waited for.")


def _row(instance: Model, *, is_locked: bool = False) -> dict[str, Any] | None:
    """Return what is stored of an object, or None; where it is locked, it stays so until the transaction ends."""
    if instance.pk is None:
        return None
    rows = type(instance)._base_manager.filter(pk=instance.pk)
    found: dict[str, Any] | None = (
        (rows.select_for_update() if is_locked else rows).values().first()
    )
    return found
