"""Deletes old changes from the log, without leaving a gap."""

from datetime import datetime

from .models import Change

DAYS_KEPT = 30


def prune(before: datetime) -> int:
    """Delete the changes made before `before`, and return how many were deleted.

    The last change always stays, and no gap is left: after the clock was set back for an hour, some changes have an
    earlier time than those before them, and stay with them.
    """
    kept = Change.objects.filter(made_at__gte=before).order_by("version").first()
    horizon = kept or Change.objects.order_by("version").last()
    if horizon is None:
        return 0
    return Change.objects.filter(version__lt=horizon.version).delete()[0]
