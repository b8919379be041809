"""What the clock changes without any edit: something expires, a day or a year begins."""

import datetime
from typing import NamedTuple

from django.utils import timezone

from frontend_api.changes.affected_tags import all_tags, tables_of, tree_tags
from frontend_api.changes.models import Kind
from frontend_api.changes.tags import DAY, YEAR, column_tag
from frontend_api.changes.writing import PendingChange
from frontend_api.introspection import Page
from frontend_api.visibility import expiry

from .models import PublicState

_HIDING = ("live", "expire_at")


class Passed(NamedTuple):
    """What time has changed: changes that are about no object, and the tags of what has expired."""

    changes: tuple[PendingChange, ...]
    tags: frozenset[str]


NOTHING = Passed((), frozenset())


def day(now: datetime.datetime) -> datetime.date:
    """Return the date in the time zone of the project, as `dependencies.clock` gives it to content."""
    return timezone.localdate(now, timezone.get_default_timezone())


def next_moment(now: datetime.datetime) -> datetime.datetime:
    """Return when the clock may change something next."""
    tomorrow = datetime.datetime.combine(day(now) + datetime.timedelta(days=1), datetime.time())
    midnight = timezone.make_aware(tomorrow, timezone.get_default_timezone())
    expires = expiry.next_expiry(now)
    return min(midnight, expires) if expires else midnight


def passed(state: PublicState, now: datetime.datetime) -> Passed:
    """Return what time has changed since `state`."""
    today = day(now)
    tags = {DAY} if today != state.day else set()
    if today.year != state.day.year:
        tags.add(YEAR)
    changes = (PendingChange(Kind.OTHER, tags=tags, made_by=""),) if tags else ()
    # What expires while this is looked for may be hidden already.
    expired = expiry.expired_between(state.followed_at, timezone.now())
    return Passed(changes, frozenset().union(*map(_tags, expired)))


def _tags(expired: object) -> set[str]:
    """Return the tags of something that expires: those of something that is unpublished."""
    hiding = {column_tag(name, column) for name in tables_of(expired) for column in _HIDING}
    found = all_tags(expired) | hiding
    if isinstance(expired, Page):
        found |= tree_tags(expired, expired, {*_HIDING})
    return found
