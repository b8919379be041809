"""What a logged change is about, of all that can be hidden."""

from typing import Any

from django.apps import apps

from frontend_api.changes.models import Kind
from frontend_api.changes.writing import PendingChange
from frontend_api.introspection import Page, parental_keys

from .seen import PAGE, Subject, is_named, subject_type

_PAGE_TAG = "page:"


def subjects_of(change: PendingChange) -> list[Subject] | None:
    """Return what a change is about of all that can be hidden; None if it is about something that nobody can hide."""
    if not change.object_type:
        return None
    object_type = subject_type(change.object_type)
    if object_type is None:
        return _wholes(change)
    if change.object_id:
        return [Subject(object_type, change.object_id)]
    if change.kind == Kind.SEARCH and is_named(object_type):
        # Wagtail's own index, by which readers find neither pages nor images and documents.
        return []
    return None


def _wholes(change: PendingChange) -> list[Subject] | None:
    """Return the pages that something is a part of, by the tags of the change, if it is a part of pages alone."""
    try:
        model: Any = apps.get_model(change.object_type)
    except (LookupError, ValueError):
        return None
    owners = [field.related_model for field in parental_keys(model)]
    if not owners or not all(issubclass(owner, Page) for owner in owners):
        return None
    keys = (tag.removeprefix(_PAGE_TAG) for tag in change.tags if tag.startswith(_PAGE_TAG))
    return [Subject(PAGE, key) for key in sorted(keys)]
