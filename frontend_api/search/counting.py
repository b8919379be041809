"""How many pages of each type a search finds.

To ask of every page that has a word whether it may be seen takes long where most have it. But most pages may be seen,
and which may not is remembered until that changes. So the words alone are counted, without those few.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet

from frontend_api.dependencies.memo import facts
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective

from .queries import Search, entries

MOST_UNSEEN = 1_000
"""How many pages that may not be seen are remembered; with more of them, each page found is asked about."""

Counts = dict[type[Page], int]


def unseen_by(perspective: Perspective) -> tuple[int, ...] | None:
    """Return the keys of the pages that a reader does not see, or None for too many, and for a reader of drafts."""
    return _unseen(perspective) if perspective.draft_overlay is None else None


def counts_of_all(
    search: Search, unseen: tuple[int, ...] | None, perspective: Perspective
) -> Counts:
    """Return how many visible pages of each type `search` finds."""
    if unseen is None:
        return counts_among(search, perspective.pages(), perspective)
    found = entries(Page).filter(words__matching=search.widely)
    if unseen:
        found = found.exclude(number__in=unseen)
    return _by_type(found.values_list("type_key"), perspective)


def counts_among(search: Search, pages: QuerySet[Any], perspective: Perspective) -> Counts:
    """Return how many of `pages` of each type `search` finds."""
    return _by_type(search.narrow(pages).order_by().values_list("content_type"), perspective)


def _by_type(types: Any, perspective: Perspective) -> Counts:
    with perspective.dependencies.tracking_selection():
        counts = dict(types.annotate(Count("pk")))
    models: Any = {key: ContentType.objects.get_for_id(key).model_class() for key in counts}
    return {model: counts[key] for key, model in models.items() if model is not None}


def _unseen(perspective: Perspective) -> tuple[int, ...] | None:
    """Return the keys of all pages with words that the public does not see, or None where these are too many."""
    key = "unseen", perspective.roots
    known = facts.recall(key, perspective.state)
    if known is None:
        found_now = Dependencies()
        visible = perspective.pages().order_by().values("pk")
        with (
            perspective.dependencies.untracked(),
            found_now.tracking(),
            found_now.tracking_selection(),
        ):
            others = entries(Page).exclude(number__in=visible).values_list("number", flat=True)
            keys = tuple(others[: MOST_UNSEEN + 1])
        found_now.holds_until(perspective.dependencies.until)
        unseen = keys if len(keys) <= MOST_UNSEEN else None
        facts.keep(key, (unseen,), perspective.state, found_now)
        tags, until = tuple(found_now.tags), found_now.until
    else:
        (unseen,), tags, until = known.value, known.validity.tags, known.validity.until
    perspective.dependencies.tags.update(tags)
    perspective.dependencies.holds_until(until)
    return unseen
