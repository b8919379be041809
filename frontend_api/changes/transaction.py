"""Writes changes to the log, always in the transaction that makes them.

All changes of a transaction are written together, just before it is committed. So the row that hands out versions is
locked only for a moment, and never becomes part of a deadlock. Outside a transaction, each change is written as soon as
it is made.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import transaction as django_transaction

from . import unit_of_work
from .models import Kind
from .tags import EVERYTHING
from .unit_of_work import transaction
from .writing import PendingChange, write

T = TypeVar("T", bound=Hashable)

__all__ = ["after_commit", "before_commit", "invalidate_all", "log", "log_along", "transaction"]


def log(pending: PendingChange) -> None:
    """Log a change: just before the transaction is committed, or at once outside a transaction."""
    unit = unit_of_work.current()
    if unit is not None:
        unit.add(pending)
        return
    with django_transaction.atomic():
        write([pending])


def log_along(pending: PendingChange, object_type: str, object_id: str) -> None:
    """Log a change that follows from a change to an object: as a part of that, if it is not written yet."""
    unit = unit_of_work.current()
    for one in unit.changes if unit is not None else ():
        if (one.object_type, one.object_id) == (object_type, object_id):
            one.tags |= pending.tags
            return
    log(pending)


def before_commit(act: Callable[[list[T]], Any], item: T) -> None:
    """Call `act` in the last moment of the transaction, with all its different items; at once outside a transaction."""
    unit = unit_of_work.current()
    if unit is not None:
        unit.beforehand(act, item)
    else:
        act([item])


def after_commit(key: Hashable, act: Callable[[], Any]) -> None:
    """Call `act` once the transaction is committed, once for each key; call it at once outside a transaction."""
    unit = unit_of_work.current()
    if unit is not None:
        unit.afterwards(key, act)
    else:
        act()


def invalidate_all(*, is_readable: bool = True) -> None:
    """Log that everything may have changed, so that nothing cached before is served again.

    `is_readable` says whether the tables of all models match the code.
    """
    log(PendingChange(Kind.BUMPED, tags={EVERYTHING}, is_readable=is_readable))
