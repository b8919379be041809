"""When the clock hides something: what expires, whether or not somebody unpublishes it then."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps

from frontend_api.changes.logged_models import is_logged
from frontend_api.introspection import has_drafts

from . import queries


def next_expiry(now: datetime) -> datetime | None:
    """Return when the next object of any model with drafts expires, if any does."""
    moments = (queries.next_expiry(model, now).first() for model in _models())
    return min((moment for moment in moments if moment), default=None)


def expired_between(since: datetime, until: datetime) -> Iterator[Any]:
    """Yield the objects that are live and expired after `since` and until `until`, as their own types."""
    for model in _models():
        yield from queries.expired_between(model, since, until)


def _models() -> Iterator[Any]:
    """Yield every model with drafts, but those whose objects are found through a parent, as all pages are."""
    for model in apps.get_models():
        is_found_otherwise = any(map(has_drafts, model._meta.get_parent_list()))
        if has_drafts(model) and is_logged(model) and not is_found_otherwise:
            yield model
