"""Reports to the operator which caches in front may serve stale responses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from frontend_api.changes import versions
from frontend_api.changes.models import Change

from .models import PurgeTarget
from .targets import configured

# `purge_cdn` should run every minute; if a purge has waited this long, the command is not running.
LONGEST_WAIT = timedelta(minutes=5)


@dataclass(frozen=True)
class Problem:
    """A cache that is behind, since when, and why."""

    name: str
    since: datetime
    error: str


def problems() -> list[Problem]:
    """Return a problem for each cache that cannot be purged or has waited too long for it."""
    names = [target.name for target in configured()]
    if not names:
        return []
    newest = versions.current().version
    known = PurgeTarget.objects.in_bulk(names, field_name="name")
    rows = (known.get(name) or PurgeTarget(name=name) for name in names)
    return [problem for row in rows if (problem := _problem(row, newest))]


def _problem(row: PurgeTarget, newest: int) -> Problem | None:
    if row.failing_since is not None:
        return Problem(row.name, row.failing_since, row.last_error)
    since = _waits_since(row, newest)
    if since is None or timezone.now() - since < LONGEST_WAIT:
        return None
    return Problem(
        row.name,
        since,
        _("It waits to be purged since; does a worker run, or `purge_cdn` every minute?"),
    )


def _waits_since(row: PurgeTarget, newest: int) -> datetime | None:
    """Return since when a cache has been waiting for the first or second purge of a change, or None if it is not."""
    waiting = Change.objects.filter(version__gt=row.purged or 0, version__lte=newest)
    if oldest := waiting.order_by("version").first():
        return oldest.made_at
    if row.settled == row.purged:
        return None
    return min((datetime.fromisoformat(at) for _, at in row.seen), default=None)
