"""The pages of a type that the public may not see, by id, so that all others can be counted in their own table alone.

There are few as a rule: drafts, what has expired, what is private. They are remembered, and when pages have changed
since, only those pages are looked at again: finding all of them takes longer the more pages a site has.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
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

# For so long a type of which there were more is not looked through again.
_AGAIN = timedelta(hours=1)


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
    def _unseen_by_model(self) -> dict[type[Page], tuple[int, ...] | None]:
        return {}

    def _unseen(self, model: Any) -> tuple[int, ...] | None:
        """Return the ids of the pages of `model` that may not be seen, or None if they are not to be had quickly."""
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
    """Return the ids of the pages of `model` that may not be seen at a place, or None if there are too many.

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
        if before is None or touched is None:
            keys = {*unseen[: MOST + 1]}
        else:
            keys = {*before.value} - touched
            keys |= {*unseen.filter(pk__in=touched)} if touched else set()
    if before is not None:
        found_now.tags.update(before.validity.tags)
    value = tuple(sorted(keys)) if len(keys) <= MOST else None
    return facts.keep(key, value, state, found_now)


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
            if not (object_id.isdigit() and _is_page(object_type)):
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
