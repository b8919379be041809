"""Works out what a cache in front still has to be purged of.

It is purged of each change twice: once the change is committed, and again a minute later. A response that the cache was
fetching during the first purge may have been rendered before the change and arrive after the purge.

The minute begins when the change is first seen here. The time of the change itself is no use: its transaction may take
long to commit, and the clocks of other machines may differ.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from frontend_api.changes.models import Change
from frontend_api.changes.tags import EVERYTHING

from . import former_names
from .models import PurgeTarget

# After this time, every response from before a change has arrived.
SETTLING = timedelta(seconds=60)
# The interval at which the versions seen are recorded, which keeps the list short.
STEP = timedelta(seconds=10)
# Of more changes or tags than this, everything is purged: a few calls, within the rate limits of any service.
MOST_CHANGES = 2_000
MOST_TAGS = 500


Seen = list[tuple[int, datetime]]
"""Versions, each with a time at which it was the newest one, both ascending."""


@dataclass(frozen=True)
class PendingPurge:
    """The tags to purge, and the values of the `PurgeTarget` after that."""

    purged: int
    settled: int
    tags: frozenset[str]
    seen: Seen = field(default_factory=list, compare=False)
    names: former_names.Names = field(default_factory=list, compare=False)


def pending(row: PurgeTarget, newest: int, now: datetime) -> PendingPurge | None:
    """Return what a cache has to be purged of, up to the version `newest`, or None if it is up to date."""
    if row.purged is None or row.settled is None:
        return PendingPurge(newest, 0, frozenset({EVERYTHING}), [(newest, now)])
    seen = _read(row.seen)
    settled = max([row.settled, *(version for version, at in seen if at <= now - SETTLING)])
    # If it is not recorded when the version `purged` was seen, that version is purged once more.
    is_noted = row.settled == row.purged or (seen and seen[-1][0] >= row.purged)
    if newest <= row.purged and settled <= row.settled and is_noted:
        return None
    left = [(version, at) for version, at in seen if version > settled]
    return PendingPurge(newest, settled, _tags(row.settled, newest), _noted(left, newest, now))


def with_names(due: PendingPurge | None, row: PurgeTarget, now: datetime) -> PendingPurge | None:
    """Return what is due, which is everything where that has another name than it had; and with all names."""
    names = former_names.noted(row.names, now, SETTLING)
    if names is None:
        return due and replace(due, names=row.names)
    if due is None:
        due = PendingPurge(row.purged or 0, row.settled or 0, frozenset(), _read(row.seen))
    return replace(due, tags=frozenset({EVERYTHING}), names=names)


def _read(stored: list[list[Any]]) -> Seen:
    return [(version, datetime.fromisoformat(at)) for version, at in stored]


def _noted(seen: Seen, newest: int, now: datetime) -> Seen:
    """Return `seen` with the record that `newest` is the newest version now."""
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
        # Some of the changes have been pruned from the log.
        return everything
    tags = frozenset(tag for row in rows for tag in row)
    return everything if EVERYTHING in tags or len(tags) > MOST_TAGS else tags
