"""Forgets old changes, up to a horizon that is kept whole."""

from datetime import datetime

from .models import Change

DAYS_KEPT = 30


def prune(before: datetime) -> int:
    """Delete the changes made before a moment, and return how many there were.

    The last change always stays, and what is left has no gap: a clock that was set back for an hour gives some
    changes an earlier time than those before them.
    """
    kept = Change.objects.filter(made_at__gte=before).order_by("version").first()
    horizon = kept or Change.objects.order_by("version").last()
    if horizon is None:
        return 0
    return Change.objects.filter(version__lt=horizon.version).delete()[0]
