"""What a cache in front has still to be purged of.

It is purged of each change twice: once the change is committed, and again a minute later. What the cache was just
fetching when it was purged the first time may have been made before the change, and arrived after the purge.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from frontend_api.changes.models import Change
from frontend_api.changes.tags import EVERYTHING

from .models import PurgeTarget

# After which every response has arrived.
SETTLING = timedelta(seconds=60)
# Of more changes or tags than these, everything is purged: a few calls, and no service is asked more often than it
# takes.
MOST_CHANGES = 2_000
MOST_TAGS = 500


@dataclass(frozen=True)
class Owed:
    """What to purge, and how far the cache is then."""

    purged: int
    settled: int
    tags: frozenset[str]


def owed(row: PurgeTarget, newest: int, now: datetime) -> Owed | None:
    """Return what a cache has to be purged of, up to the version `newest`, or None where it is up to date."""
    if row.purged is None or row.settled is None:
        return Owed(newest, _settled(0, newest, now), frozenset({EVERYTHING}))
    settled = _settled(row.settled, newest, now)
    if newest <= row.purged and settled <= row.settled:
        return None
    return Owed(newest, settled, _tags(row.settled, newest))


def _settled(after: int, newest: int, now: datetime) -> int:
    """Return the last version whose change was made long enough ago, as all up to it were."""
    changes = Change.objects.filter(version__gt=after, version__lte=newest)
    recent = changes.filter(made_at__gt=now - SETTLING).order_by("version").first()
    return newest if recent is None else recent.version - 1


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
