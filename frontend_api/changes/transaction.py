"""How what is changed gets into the log: in the transaction that changes it, and in no other way.

All changes of a transaction are written together, just before it is committed, so that the row which hands out versions
is locked for a moment only, and two transactions that wait for each other's rows never wait for it too. Where there is
no transaction, each change is written as soon as it is made.
"""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from typing import Any

from django.db import transaction as django_transaction

from . import unit_of_work
from .models import Kind
from .tags import EVERYTHING
from .writing import PendingChange, write


def transaction() -> AbstractContextManager[None]:
    """Make what is done here one transaction, whose changes are written just before it is committed."""
    return unit_of_work.transaction()


def log(pending: PendingChange) -> None:
    """Write a change, or have it written with the others of its transaction."""
    unit = unit_of_work.current()
    if unit is not None:
        unit.add(pending)
        return
    with django_transaction.atomic():
        write([pending])


def after_commit(key: Hashable, act: Callable[[], Any]) -> None:
    """Do something once the transaction is committed, one time for each key; at once where there is none."""
    unit = unit_of_work.current()
    if unit is not None:
        unit.afterwards(key, act)
    else:
        act()


def invalidate_all() -> None:
    """Log that everything may have changed, so that nothing that was cached before is served again."""
    log(PendingChange(Kind.BUMPED, tags={EVERYTHING}))
