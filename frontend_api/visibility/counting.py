"""The pages of a type that the public may not see, by id, so that all others can be counted in their own table alone.

There are few as a rule: drafts, what has expired, what is private. They are remembered, and when pages have changed
since, only those pages are looked at again: finding all of them takes longer the more pages a site has.

A new draft is no change to what the public sees, so that the log says nothing of it. It has an id that was free when
the others were looked for, and pages with such an id are looked at in the very query that counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import Lead
from django.utils import timezone

from frontend_api.changes import versions
from frontend_api.changes.tags import EVERYTHING, column_tag, table
from frontend_api.changes.versions import State
from frontend_api.dependencies.memo import Fact, facts
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.introspection import Page

from . import queries
from .compiled_query import is_filtered
from .roots import paths_of

MOST = 1_000
"""How many pages are remembered for a type at most; with more, visible pages are counted one by one."""
MOST_CHANGES = 200
"""How many changes are followed; after more, all is looked for anew."""
MOST_GAPS = 50
"""Between how many ids there may be free ones; each makes the query that counts longer."""

# For so long a type of which there were more is not looked through again.
_AGAIN = timedelta(hours=1)


Gap = tuple[int, int]


class Unseen(NamedTuple):
    """The pages of a type that may not be seen, among those that there were."""

    keys: tuple[int, ...]
    free: tuple[Gap, ...]
    """The ids that no page of any type had, from the first to the last of each gap, up to the largest id of all."""
    largest: int

    def may_be_new(self) -> Q:
        """Return the condition for pages that were not there, or not yet committed."""
        in_gaps = (Q(pk__gte=first, pk__lte=last) for first, last in self.free)
        return reduce(or_, in_gaps, Q(pk__gt=self.largest))


class Counting:
    """What a perspective knows for counting the pages that may be seen."""

    _is_counting = False
    _next_expiry: datetime | None = None
    """When the next page expires, known once `_hidden_from_public` is."""

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Let `pages` give the same pages in a form in which they are faster to count, where `counts_quickly`."""
        self._is_counting = True
        try:
            yield
        finally:
            self._is_counting = False

    def counts_quickly(self, model: type[Page]) -> bool:
        """Return whether the pages of `model` that may not be seen are known, and so few that all others can be named.

        Then counting those that may be seen, or some of them, reads no more than their own table.
        """
        return self._unseen(model) is not None

    @cached_property
    def _unseen_by_model(self) -> dict[type[Page], Unseen | None]:
        return {}

    def _quickly_counted(self, model: Any, unseen: Unseen) -> QuerySet[Any]:
        """Return the pages of `model` that may be seen, by their own table, and new ones by what is said of them."""
        perspective: Any = self
        place = paths_of(perspective.roots), perspective._hidden["pages"]
        is_new = unseen.may_be_new()
        visible = queries.visible(Page, *place, timezone.now(), ()).filter(is_new)
        known: QuerySet[Any] = model._default_manager.exclude(pk__in=unseen.keys)
        return known.filter(~is_new | Q(pk__in=visible.order_by().values("pk")))

    def _unseen(self, model: Any) -> Unseen | None:
        """Return the pages of `model` that may not be seen, or None if they are not to be had quickly."""
        perspective: Any = self
        state: State | None = perspective.state
        if state is None or perspective.draft_overlay is not None or is_filtered(model):
            return None
        if model not in self._unseen_by_model:
            place = paths_of(perspective.roots), perspective._hidden_from_public["pages"]
            found = _unseen_now(model, place, state, self._next_expiry)
            self._unseen_by_model[model] = None if found is None else found.value
            if found is not None and found.value is not None:
                perspective.dependencies.tags.update(found.validity.tags)
        return self._unseen_by_model[model]


def _unseen_now(model: Any, place: Any, state: State, until: datetime | None) -> Fact | None:
    """Return the `Unseen` pages of `model` at a place, or None if there are too many.

    `state` is where the change log stands, and `until` is when the next page expires.
    """
    key, now = ("unseen", model, place), timezone.now()
    before: Fact | None = facts.last(key)
    if before is not None and (
        before.validity.holds(state, now)
        or (before.value is None and now - before.validity.made_at < _AGAIN)
    ):
        return before
    touched = None if before is None else _changed_since(before, state, now)
    found_now = Dependencies()
    found_now.holds_until(until)
    with found_now.tracking(), found_now.tracking_selection():
        unseen = queries.not_visible(model, *place, now=now).values_list("pk", flat=True)
        # The ids first: what is committed after that counts as new.
        if before is None or touched is None:
            free, largest = _looked_for()
            keys = {*unseen[: MOST + 1]}
        else:
            free, largest = _brought_up(before.value, touched)
            looked_at = before.value.may_be_new() | Q(pk__in=touched)
            keys = ({*before.value.keys} - touched) | {*unseen.filter(looked_at)}
    if before is not None:
        found_now.tags.update(before.validity.tags)
    is_short = len(keys) <= MOST and len(free) <= MOST_GAPS
    value = Unseen(tuple(sorted(keys)), tuple(free), largest) if is_short else None
    return facts.keep(key, value, state, found_now)


def _looked_for() -> tuple[list[Gap], int]:
    """Return the gaps between the ids of all pages, up to the largest of these; of many gaps, too many."""
    ids = Page._base_manager.order_by()
    ends = ids.aggregate(first=Min("pk"), last=Max("pk"))
    first, last = ends["first"] or 1, ends["last"] or 0
    following = Window(Lead("pk"), order_by=F("pk").asc())
    before_gaps = ids.annotate(following=following).filter(following__gt=F("pk") + 1)
    pairs = before_gaps.values_list("pk", "following")[: MOST_GAPS + 1]
    gaps = [(1, first - 1)] if first > 1 else []
    return [*gaps, *((before + 1, after - 1) for before, after in pairs)], last


def _brought_up(before: Unseen, touched: set[int]) -> tuple[list[Gap], int]:
    """Return the gaps, and the largest id, now that some pages have changed, and new ones may have come."""
    looked_at = before.may_be_new() | Q(pk__in=touched)
    there = {*Page._base_manager.filter(looked_at).order_by().values_list("pk", flat=True)}
    largest = max(before.largest, *there, 0)
    gaps = [*before.free, *((key, key) for key in touched - there if key <= before.largest)]
    if largest > before.largest:
        gaps.append((before.largest + 1, largest))
    for key in sorted(there):
        gaps = [part for gap in gaps for part in _parts(gap, key)]
    return gaps, largest


def _parts(gap: Gap, key: int) -> Iterator[Gap]:
    """Yield what is left of a gap without an id."""
    first, last = gap
    if not first <= key <= last:
        yield gap
        return
    if first < key:
        yield first, key - 1
    if key < last:
        yield key + 1, last


def _changed_since(before: Fact, state: State, now: datetime) -> set[int] | None:
    """Return the pages that have changed since `before` was found, or None if all have to be looked for anew."""
    if before.value is None or not before.validity.in_time(now):
        return None
    return _touched(before.validity.since, state, set(before.validity.tags))


def _touched(since: State, state: State, tags: set[str]) -> set[int] | None:
    """Return the ids of the pages that have changed between two states of the log in what `tags` stand for.

    Returns None if that is not known, or if more may have changed than the pages that the log names.
    """
    changes = versions.changes_between(since, state, MOST_CHANGES)
    if changes is None:
        return None
    found = set()
    for object_type, object_id, changed in changes:
        if EVERYTHING in changed or changed & _PLACES:
            # A page that is moved takes others along.
            return None
        if changed & tags:
            if not (object_id.isascii() and object_id.isdigit() and _is_page(object_type)):
                return None
            found.add(int(object_id))
    return found


_PLACES = frozenset({column_tag(table(Page), "path")})


def _is_page(label: str) -> bool:
    try:
        model: Any = apps.get_model(label)
    except (LookupError, ValueError):
        return False
    return issubclass(model, Page)
