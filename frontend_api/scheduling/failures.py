"""What could not be done at its time: noted down, left alone for longer each time, and told."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from .due import Due
from .models import ScheduleFailure

RESTS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 3_600))
"""How long something that failed is left alone, each time; after the last, as long as after that."""

TOLD_AT = 2
"""After so many attempts in vain somebody is told: the first may have met an editor who saves the same page."""

told = Signal()
"""Sent with `due` and `failure` in the transaction that notes a failure down which somebody has to see to."""

MOST_CHARACTERS = 500


def of(items: list[Due]) -> dict[tuple[str, int, str], ScheduleFailure]:
    """Return what failed before of these things, all that is due, and forget what is due no more or at another time."""
    noted = {one.key: one for one in ScheduleFailure.objects.all()}
    if not noted:
        return {}
    wanted = {(item.key, item.at) for item in items}
    over = [one for one in noted.values() if (one.key, one.due_at) not in wanted]
    if over:
        ScheduleFailure.objects.filter(pk__in=[one.pk for one in over]).delete()
    return {key: one for key, one in noted.items() if one not in over}


def note(item: Due, error: Exception) -> None:
    """Note down that something could not be done."""
    now = timezone.now()
    act, content_type, object_id = item.key
    with transaction.atomic():
        failure, _ = ScheduleFailure.objects.select_for_update().get_or_create(
            act=act,
            content_type_id=content_type,
            object_id=object_id,
            defaults={
                "due_at": item.at,
                "first_failed_at": now,
                "failed_at": now,
                "next_attempt_at": now,
            },
        )
        rest = RESTS[min(failure.attempts, len(RESTS) - 1)]
        failure.attempts += 1
        failure.failed_at, failure.next_attempt_at = now, now + rest
        failure.error = _said(error)
        failure.save()
        if failure.attempts == TOLD_AT:
            told.send(ScheduleFailure, due=item, failure=failure)


def forget(item: Due) -> None:
    """Forget that something failed, which is done now."""
    act, content_type, object_id = item.key
    ScheduleFailure.objects.filter(
        act=act, content_type_id=content_type, object_id=object_id
    ).delete()


def failing() -> Iterable[ScheduleFailure]:
    """Return what fails, the longest first."""
    return ScheduleFailure.objects.order_by("first_failed_at", "pk")


def _said(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    name = type(error).__name__
    return (f"{name}: {lines[-1]}" if lines else name)[:MOST_CHARACTERS]
