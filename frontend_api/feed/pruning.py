"""Deletes old changes from the feed, without leaving a gap; a reader who has not seen them has to begin anew."""

from datetime import datetime

from .models import PublicChange


def prune(before: datetime) -> int:
    """Delete the changes made before `before`, and return how many were deleted; the last one always stays."""
    kept = PublicChange.objects.filter(changed_at__gte=before).order_by("number").first()
    horizon = kept or PublicChange.objects.order_by("number").last()
    if horizon is None:
        return 0
    return PublicChange.objects.filter(number__lt=horizon.number).delete()[0]
