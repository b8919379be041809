"""Purges every cache in front that is due, and records its progress or the error.

No lock is held while waiting for a cache. Two processes may purge the same at once without harm: a row's versions only
ever increase, and a process that failed does not touch a row that another one has advanced in the meantime.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from frontend_api.changes import versions

from . import addresses, former_names
from .delivery import Attempt
from .models import PurgeTarget
from .pending import PendingPurge, pending, with_names
from .targets import Target, configured

logger = logging.getLogger("frontend_api.purging.running")

# How long a cache that failed is left alone; doubles with each failure.
SHORTEST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=5)


def purge(seconds: float, *, rest: bool = True) -> list[PurgeTarget]:
    """Purge the caches that are due, waiting for at most `seconds` in all, and return their rows.

    A row with `failing_since` is one that failed. With `rest`, caches that failed a moment ago are left alone.
    """
    now = timezone.now()
    deadline = time.monotonic() + seconds
    attempts = [(row, due, Attempt(target, due)) for target, row, due in _due(now, rest)]
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
        if not row.names:
            # Before anything fails: it is what the cache holds now that may be named otherwise later.
            row.names = former_names.first()
            PurgeTarget.objects.filter(pk=row.pk).update(names=row.names)
        if rest and row.next_attempt_at is not None and now < row.next_attempt_at:
            continue
        due = with_names(pending(row, newest, now), row, now)
        if due is not None:
            yield target, row, due


def _succeeded(row: PurgeTarget, done: PendingPurge) -> None:
    with transaction.atomic():
        locked = PurgeTarget.objects.select_for_update().filter(pk=row.pk).first()
        if locked is None:
            return
        # Both have been purged: what the row says by now, and what was due.
        row.purged = max(locked.purged or 0, done.purged)
        row.settled = max(locked.settled or 0, done.settled)
        row.names = done.names
        row.seen = [[version, at.isoformat()] for version, at in done.seen]
        row.attempts, row.failing_since, row.next_attempt_at, row.last_error = 0, None, None, ""
        row.save()
    if locked.failing_since:
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
    """Delete the rows of caches that left the settings, so that one that returns is purged of everything."""
    names = [target.name for target in configured()]
    PurgeTarget.objects.exclude(name__in=names).delete()
