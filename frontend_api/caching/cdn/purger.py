"""Purges every cache in front that is due, and notes down how far it is or what went wrong.

No lock is held while a cache is waited for. Two processes may purge the same at once, which does no harm: a row only
ever goes forward, and a process that failed changes nothing that another one has brought forward meanwhile.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from frontend_api.changes import versions

from . import addresses
from .delivery import Attempt
from .models import PurgeTarget
from .pending import PendingPurge, pending
from .targets import Target, configured

logger = logging.getLogger("frontend_api.purging.running")

# How long to leave a cache alone that failed: twice as long each time.
SHORTEST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=5)


def purge(seconds: float, *, rest: bool = True) -> list[PurgeTarget]:
    """Purge what is due, and return the caches that were; wait for no more than so many seconds.

    With `rest` a cache that failed a moment ago is not asked.
    """
    now = timezone.now()
    deadline = time.monotonic() + seconds
    attempts = [(row, due, Attempt(target, due.tags)) for target, row, due in _due(now, rest)]
    for _, _, attempt in attempts:
        attempt.start()
    for row, due, attempt in attempts:
        error = attempt.error(deadline)
        if error is None:
            _succeeded(row, due)
        else:
            _failed(row, error, now)
    addresses.drop_expired(now)
    return [row for row, _, _ in attempts]


def _due(now: datetime, rest: bool) -> Iterator[tuple[Target, PurgeTarget, PendingPurge]]:
    newest = versions.current().version
    for target in configured():
        row, _ = PurgeTarget.objects.get_or_create(name=target.name)
        if rest and row.next_attempt_at is not None and now < row.next_attempt_at:
            continue
        due = pending(row, newest, now)
        if due is not None:
            yield target, row, due


def _succeeded(row: PurgeTarget, done: PendingPurge) -> None:
    with transaction.atomic():
        now_there = PurgeTarget.objects.select_for_update().filter(pk=row.pk).first()
        if now_there is None:
            return
        # All that the row said was purged has been, and all that was owed then.
        row.purged = max(now_there.purged or 0, done.purged)
        row.settled = max(now_there.settled or 0, done.settled)
        row.seen = [[version, at.isoformat()] for version, at in done.seen]
        row.attempts, row.failing_since, row.next_attempt_at, row.last_error = 0, None, None, ""
        row.save()
    if now_there.failing_since:
        logger.warning("The cache %s is purged again.", row.name)


def _failed(row: PurgeTarget, error: str, now: datetime) -> None:
    logger.error("The cache %s cannot be purged, and may serve what is old: %s", row.name, error)
    as_read = PurgeTarget.objects.filter(pk=row.pk, purged=row.purged, settled=row.settled)
    row.attempts += 1
    row.failing_since = row.failing_since or now
    row.next_attempt_at = now + min(SHORTEST_REST * 2 ** min(row.attempts - 1, 10), LONGEST_REST)
    row.last_error = error[:1_000]
    as_read.update(
        attempts=row.attempts,
        failing_since=row.failing_since,
        next_attempt_at=row.next_attempt_at,
        last_error=row.last_error,
    )


def forget_others() -> None:
    """Forget caches that the settings name no more, so that one that comes back is purged of everything."""
    names = [target.name for target in configured()]
    PurgeTarget.objects.exclude(name__in=names).delete()
