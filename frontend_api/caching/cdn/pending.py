"""What a cache in front has still to be purged of.

It is purged of each change twice: once the change is committed, and again a minute later. What the cache was just
fetching when it was purged the first time may have been made before the change, and arrived after the purge.

The minute begins when the change is seen here. When it was made says nothing: a transaction may take long to commit,
and the clock of another machine may be another one.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from frontend_api.changes.models import Change
from frontend_api.changes.tags import EVERYTHING

from .models import PurgeTarget

# After which every response has arrived.
SETTLING = timedelta(seconds=60)
# How far apart what is noted down of the versions that were seen is, so that it stays short.
STEP = timedelta(seconds=10)
# Of more changes or tags than these, everything is purged: a few calls, and no service is asked more often than it
# takes.
MOST_CHANGES = 2_000
MOST_TAGS = 500


Seen = list[tuple[int, datetime]]
"""Versions, each with a moment at which it was the newest one; both ascend."""


@dataclass(frozen=True)
class PendingPurge:
    """What to purge, and how far the cache is then."""

    purged: int
    settled: int
    tags: frozenset[str]
    seen: Seen = field(default_factory=list, compare=False)


def pending(row: PurgeTarget, newest: int, now: datetime) -> PendingPurge | None:
    """Return what a cache has to be purged of, up to the version `newest`, or None where it is up to date."""
    if row.purged is None or row.settled is None:
        return PendingPurge(newest, 0, frozenset({EVERYTHING}), [(newest, now)])
    seen = _read(row.seen)
    settled = max([row.settled, *(version for version, at in seen if at <= now - SETTLING)])
    # What was purged before anything was noted down is purged once more.
    is_noted = row.settled == row.purged or (seen and seen[-1][0] >= row.purged)
    if newest <= row.purged and settled <= row.settled and is_noted:
        return None
    left = [(version, at) for version, at in seen if version > settled]
    return PendingPurge(newest, settled, _tags(row.settled, newest), _noted(left, newest, now))


def _read(stored: list[list[Any]]) -> Seen:
    return [(version, datetime.fromisoformat(at)) for version, at in stored]


def _noted(seen: Seen, newest: int, now: datetime) -> Seen:
    """Return what was seen, and that `newest` is the newest now."""
    if seen and seen[-1][0] >= newest:
        return seen
    if len(seen) > 1 and seen[-1][1] - seen[-2][1] < STEP:
        seen = seen[:-1]
    return [*seen, (newest, now)]


def _tags(after: int, newest: int) -> frozenset[str]:
    everything = frozenset({EVERYTHING})
    if newest - after > MOST_CHANGES:
        return everything
    changes = Change.objects.filter(version__gt=after, version__lte=newest)
    rows = list(changes.values_list("tags", flat=True))
    if len(rows) < newest - after:
        # Some have been pruned.
        return everything
    tags = frozenset(tag for row in rows for tag in row)
    return everything if EVERYTHING in tags or len(tags) > MOST_TAGS else tags
