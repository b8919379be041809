"""What everything was called before, so that one name purges all that a cache holds after a new secret key, too.

Names are keyed by the oldest secret key that the service knows. When that one is dropped, all names change, and what a
cache holds by then has old ones: it is purged of everything by the name that everything had, at once, and again when
what was being fetched by then has arrived.
"""

from datetime import datetime, timedelta

from frontend_api.changes import surrogate_keys

Names = list[list[str | None]]
"""Each name with the time at which it was first purged as a new one; null once it was purged twice."""

MOST = 8
"""How many are kept. Keys are replaced once a year, and a cache holds nothing for that long."""


def first() -> Names:
    """Return the names of a cache of which no other is known than that of today."""
    return [[surrogate_keys.of_everything(), None]]


def noted(names: Names, now: datetime, settling: timedelta) -> Names | None:
    """Return the names as they are after a purge of everything that is due for their sake; None if none is."""
    newest, purged_at = names[-1]
    today = surrogate_keys.of_everything()
    if newest != today:
        return [*names, [today, now.isoformat()]][-MOST:]
    if purged_at is not None and now - datetime.fromisoformat(purged_at) >= settling:
        return [*names[:-1], [today, None]]
    return None


def of_everything(names: Names) -> list[str]:
    """Return all names that everything has had."""
    return sorted({name for name, _ in names if name is not None})
