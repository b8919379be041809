"""What a logged change is about, of all that can be hidden."""

from typing import Any, NamedTuple

from django.apps import apps

from frontend_api.changes.models import Kind
from frontend_api.changes.tags import LEADS
from frontend_api.changes.writing import PendingChange
from frontend_api.introspection import Page, parental_keys

from .seen import PAGE, Subject, is_named, subject_type

_PAGES = "page:"


class About(NamedTuple):
    """What a change is about, and whether it is told as a change of that, or by itself where any of that is seen."""

    subjects: tuple[Subject, ...]
    is_of_these: bool = True


def about(change: PendingChange) -> About | None:
    """Return what a change is about of all that can be hidden; None if it is about something that nobody can hide."""
    object_type = subject_type(change.object_type) if change.object_type else None
    if object_type is None:
        return _parts(change) or _leading(change)
    if change.object_id:
        return About((Subject(object_type, change.object_id),))
    if change.kind == Kind.SEARCH and is_named(object_type):
        # Wagtail's own index, by which readers find neither pages nor images and documents.
        return About(())
    return None


def _parts(change: PendingChange) -> About | None:
    """Return the pages that something is a part of, if it is a part of pages alone."""
    try:
        model: Any = apps.get_model(change.object_type)
    except (LookupError, ValueError):
        return None
    owners = [field.related_model for field in parental_keys(model)]
    if not owners or not all(issubclass(owner, Page) for owner in owners):
        return None
    return About(_pages(change, _PAGES))


def _leading(change: PendingChange) -> About | None:
    """Return the pages that a redirect leads or led to, if it always led to pages."""
    pages = _pages(change, LEADS)
    return (
        About(pages, is_of_these=False) if pages and all(one.object_id for one in pages) else None
    )


def _pages(change: PendingChange, prefix: str) -> tuple[Subject, ...]:
    """Return the pages whose ids follow `prefix` in the tags of a change."""
    keys = sorted(tag.removeprefix(prefix) for tag in change.tags if tag.startswith(prefix))
    return tuple(Subject(PAGE, key) for key in keys)
