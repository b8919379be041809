"""Writes the feed, in the transaction of each change: what readers saw before is held to what they see now.

Whatever is written to the log comes here as the last thing before the commit, under the lock that hands out versions,
and takes the lock of `PublicState` before it looks at anything. So numbers are in the order of the commits, without a
gap, and each change is held to what all changes before it have left.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from frontend_api.changes.models import Kind
from frontend_api.changes.tags import EVERYTHING, branch_tag
from frontend_api.changes.writing import PendingChange, changes_written
from frontend_api.introspection import Page

from . import clock, ledger, rows
from .models import PublicChange, PublicObject, PublicState
from .seen import PAGE, Key, Seen, Subject, seen_now
from .subjects import About, about

MOST_TARGETS = 400
"""Of more objects at once, everything is looked at, rather than each by its id."""
_BRANCH = branch_tag("")


@receiver(changes_written)
def follow_changes(changes: Sequence[PendingChange], stamp: int, **kwargs: Any) -> None:
    """Write what readers are told of changes that were just logged, once the feed has begun."""
    if not all(change.is_readable for change in changes):
        _forget()
        return
    state = _locked()
    if state is not None:
        _write(state, changes, stamp)
    elif any(change.kind == Kind.BUMPED for change in changes):
        _begin(timezone.now(), stamp)


def follow_clock(stamp: int) -> PublicState:
    """Write what the clock has changed for readers, and return where the feed stands, which begins if it has not."""
    state = _locked()
    return _begin(timezone.now(), stamp) if state is None else _write(state, [], stamp)


def _locked() -> PublicState | None:
    return PublicState.objects.select_for_update().filter(pk=PublicState.ONLY).first()


def _forget() -> None:
    """Let the feed begin anew, with whoever reads it first once all migrations are done."""
    for model in (PublicState, PublicObject, PublicChange):
        model._default_manager.all().delete()


def _write(state: PublicState, changes: Sequence[PendingChange], stamp: int) -> PublicState:
    """Write what `changes` and the clock have changed for readers, and return where the feed stands."""
    now = timezone.now()
    is_late = now >= state.next_moment
    abouts = [about(change) for change in changes]
    wanted = None if is_late else _wanted(changes, abouts)
    before = ledger.known(wanted)
    seen = seen_now(wanted, None if wanted is None else _sites(changes, abouts, before))
    passed = clock.passed(state, now) if is_late else clock.NOTHING
    made = _rows(changes, abouts, before, seen, passed)
    ledger.write(before, seen.shown)
    if made:
        common = {"stamp": stamp, "changed_at": now}
        PublicChange.objects.bulk_create(rows.numbered(made, state.number + 1, common))
        state.number, state.stamp = state.number + len(made), stamp
    if is_late:
        state.followed_at, state.day = now, clock.day(now)
    if wanted is None:
        state.next_moment = clock.next_moment(now)
    elif seen.expires is not None:
        state.next_moment = min(state.next_moment, seen.expires)
    if made or wanted is None or seen.expires is not None:
        state.save()
    return state


def _begin(now: datetime, stamp: int) -> PublicState:
    """Begin the feed of a site that is there already: what readers see now is what they have always seen."""
    state = PublicState.objects.create(
        pk=PublicState.ONLY,
        number=1,
        stamp=stamp,
        followed_at=now,
        day=clock.day(now),
        next_moment=clock.next_moment(now),
    )
    ledger.write({}, seen_now(None).shown)
    everything = rows.of_change(PendingChange(Kind.BUMPED, tags={EVERYTHING}, made_by=""))
    PublicChange.objects.bulk_create(
        rows.numbered([everything], 1, {"stamp": stamp, "changed_at": now})
    )
    return state


def _is_wide(change: PendingChange) -> bool:
    """Return whether more may appear, go or move than what a change is about."""
    return any(tag == EVERYTHING or tag.startswith(_BRANCH) for tag in change.tags)


def _wanted(
    changes: Sequence[PendingChange], abouts: Iterable[About | None]
) -> dict[str, set[str]] | None:
    """Return what may have appeared, gone or moved, by type; None where that may be anything, or is too much."""
    tags = {tag for change in changes if _is_wide(change) for tag in change.tags}
    if EVERYTHING in tags:
        return None
    wanted: dict[str, set[str]] = defaultdict(set)
    for one in (one for some in abouts if some for one in some.subjects):
        wanted[one.object_type].add(one.object_id)
    branches = [tag.removeprefix(_BRANCH) for tag in tags if tag.startswith(_BRANCH)]
    if branches:
        # Pages keep their ids wherever they go, so that those that were below are found by those that are.
        is_below = reduce(or_, (Q(path__startswith=path) for path in branches))
        below = Page.objects.filter(is_below).order_by().values_list("pk", flat=True)
        wanted[PAGE].update(map(str, below[: MOST_TARGETS + 1]))
    return wanted if sum(map(len, wanted.values())) <= MOST_TARGETS else None


def _sites(
    changes: Sequence[PendingChange], abouts: Sequence[About | None], before: ledger.Known
) -> set[int] | None:
    """Return the sites on which pages may be seen, or may have been, by what was logged; None for any."""
    sites = {
        change.site_id
        for change, one in zip(changes, abouts, strict=True)
        if one and any(subject.object_type == PAGE for subject in one.subjects)
    }
    known = {site for site in sites if site is not None}
    return known | {key.site_id for key in before} if known == sites else None


def _rows(
    changes: Sequence[PendingChange],
    abouts: Sequence[About | None],
    before: ledger.Known,
    seen: Seen,
    passed: clock.Passed,
) -> list[PublicChange]:
    places: dict[Subject, list[Key]] = defaultdict(list)
    for key in sorted({*before, *seen.shown}):
        places[key.subject].append(key)
    made = [rows.of_change(change) for change in passed.changes]
    tags: dict[Key, set[str]] = defaultdict(set)
    for change, one in zip(changes, abouts, strict=True):
        keys = [key for subject in one.subjects for key in places.get(subject, ())] if one else []
        if one is None or one.is_told_anyway or (keys and not one.is_of_these):
            made.append(rows.of_change(change))
        elif one.is_of_these:
            for key in keys:
                tags[key] |= change.tags
    # What appears, goes or moves along with something else, or with time.
    wide = rows.together([passed.tags, *(one.tags for one in changes if _is_wide(one))])
    along = {key: wide for keys in places.values() for key in keys if key not in tags}
    for key, of_key in {**tags, **along}.items():
        was, now = ledger.shown(before, key), seen.shown.get(key)
        made += rows.of_object(key, was, now, of_key, is_changed=key in tags)
    return made
