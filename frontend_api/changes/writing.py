"""Writes changes to the log under the next versions, in the order in which their transactions are committed.

The lock on the one row that hands out versions puts transactions in order. Each takes it at its very end, when all that
is left to do is to write the rows of the log and commit.
"""

import secrets
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone
from wagtail.log_actions import get_active_log_context

from .models import Change, ChangeLog, Kind, new_epoch
from .versions import start

changes_written = Signal()
"""Sent in the transaction, as the last thing before its commit, with its `changes` and their `stamp`: whoever writes
what follows from them does so in the order of the commits."""

changes_committed = Signal()
"""Sent after a transaction with changes is committed, with its `first` and `last` version."""

# If several things happen to an object in one transaction, the change gets the kind that comes first here.
_WEIGHTIEST = [
    *(Kind.BUMPED, Kind.DELETED, Kind.PUBLISHED, Kind.UNPUBLISHED, Kind.RESTRICTED),
    *(Kind.UNRESTRICTED, Kind.MOVED, Kind.UPDATED),
]


@dataclass
class PendingChange:
    """A change that is not yet written to the log."""

    kind: Kind
    object_type: str = ""
    object_id: str = ""
    path_before: str = ""
    path_after: str = ""
    site_id: int | None = None
    locale: str = ""
    tags: set[str] = field(default_factory=set)
    made_by: str = field(default_factory=lambda: _user_name())
    is_readable: bool = True
    """Whether the tables of all models match the code; in the midst of migrations, what readers see cannot be read."""

    def merge(self, later: "PendingChange") -> None:
        """Add a later change to the same object."""
        self.kind = min(self.kind, later.kind, key=_weight)
        self.path_after = later.path_after
        self.site_id = later.site_id or self.site_id
        self.locale = later.locale or self.locale
        self.tags |= later.tags


def _user_name() -> str:
    """Return the name of the admin's user, which Wagtail knows while the view runs, or an empty string."""
    user = get_active_log_context().user
    return user.get_username() if user is not None else ""


def _weight(kind: Kind) -> int:
    return _WEIGHTIEST.index(kind) if kind in _WEIGHTIEST else len(_WEIGHTIEST)


def write(pending: list[PendingChange]) -> None:
    """Write changes to the log, as the last thing that the transaction does before it is committed."""
    changes = _merged(pending)
    stamp = new_stamp()
    last = _next_versions(len(changes), stamp)
    first = last - len(changes) + 1
    now = timezone.now()
    Change.objects.bulk_create(
        Change(
            version=version,
            kind=one.kind,
            object_type=one.object_type,
            object_id=one.object_id,
            path_before=one.path_before,
            path_after=one.path_after,
            site_id=one.site_id,
            locale=one.locale,
            tags=sorted(one.tags),
            stamp=stamp,
            made_at=now,
            made_by=one.made_by,
        )
        for version, one in enumerate(changes, first)
    )
    if any(one.kind == Kind.BUMPED for one in changes):
        ChangeLog.objects.filter(pk=ChangeLog.ONLY).update(epoch=new_epoch())
    changes_written.send(sender=Change, changes=changes, stamp=stamp)
    transaction.on_commit(lambda: changes_committed.send(sender=Change, first=first, last=last))


def _merged(pending: list[PendingChange]) -> list[PendingChange]:
    merged: dict[tuple[str, str, str], PendingChange] = {}
    for one in pending:
        # Without an id, changes of the same kind are merged.
        key = (one.object_type, one.object_id, "" if one.object_id else one.kind)
        if key in merged:
            merged[key].merge(one)
        else:
            merged[key] = one
    return list(merged.values())


def new_stamp() -> int:
    """Return a random number by which the changes of one transaction are known."""
    # The column holds 63 bits; 0 is the stamp of a log in which nothing has happened yet.
    return secrets.randbelow(2**63 - 1) + 1


def _next_versions(count: int, stamp: int) -> int:
    """Hand out `count` versions and return the last; the row stays locked until the transaction ends."""
    log = ChangeLog.objects.filter(pk=ChangeLog.ONLY)
    if not log.update(version=F("version") + count, stamp=stamp):
        start()
        log.update(version=F("version") + count, stamp=stamp)
    return log.values_list("version", flat=True).get()
