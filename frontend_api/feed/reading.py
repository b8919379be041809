"""Reads the feed: first whatever the clock has changed is written, so that a reader never misses it."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from frontend_api import conf
from frontend_api.changes.writing import new_stamp

from .following import follow_clock
from .models import PublicChange, PublicState


def changes_after(number: int, most: int) -> list[PublicChange]:
    """Return up to `most` changes after `number`, oldest first, those that the clock has made among them."""
    newest()
    return list(PublicChange.objects.filter(number__gt=number).order_by("number")[:most])


def newest() -> int:
    """Return the number of the newest change."""
    return state().number


def state() -> PublicState:
    """Return where the feed stands, once what the clock has changed meanwhile is in it."""
    found = PublicState.objects.filter(pk=PublicState.ONLY).first()
    if found is not None and timezone.now() < found.next_moment:
        return found
    if conf.read_only():
        # A worker writes it within seconds, with numbers that come after those that are told now.
        return found or _nothing_yet()
    with transaction.atomic():
        # SQLite has no other lock: two processes must not both write what the clock has changed.
        PublicState.objects.filter(pk=PublicState.ONLY).update(number=F("number"))
        return follow_clock(new_stamp())


def _nothing_yet() -> PublicState:
    """Return the state of a feed that nobody has begun yet: its cursor is known to no feed that begins later."""
    now = timezone.now()
    return PublicState(followed_at=now, day=now.date(), next_moment=now)
