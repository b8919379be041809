"""What a logged change is about, of all that can be hidden."""

from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from taggit.models import GenericTaggedItemBase, TagBase

from frontend_api.changes.logged_models import is_logged, log_with
from frontend_api.changes.models import Kind
from frontend_api.changes.tags import (
    ABOUT,
    about_tag,
    concrete_parents,
    membership_tag,
    table,
)
from frontend_api.changes.writing import PendingChange
from frontend_api.introspection import Page, parental_keys

from .seen import PAGE, Subject, is_named, subject_type

_PAGES = "page:"


class About(NamedTuple):
    """What a change is about, and whether it is told as a change of that, or by itself where any of that is seen."""

    subjects: tuple[Subject, ...]
    is_of_these: bool = True
    is_told_anyway: bool = False
    """Whether a part of it may be seen where it is not: that of a parent model, which cannot be hidden."""


def about(change: PendingChange) -> About | None:
    """Return what a change is about of all that can be hidden; None if it is about something that nobody can hide."""
    model = _model(change.object_type)
    if model is None:
        return None
    object_type = subject_type(change.object_type)
    if object_type is None:
        return _unused(model, change) or _parts(model, change) or _others(change)
    if change.object_id:
        subjects = (Subject(object_type, change.object_id),)
        return About(subjects, is_told_anyway=_has_open_parent(model))
    if change.kind == Kind.SEARCH and is_named(object_type):
        # Wagtail's own index, by which readers find neither pages nor images and documents.
        return About(())
    return None


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        # It names none, or one that has left the code.
        return None


def _has_open_parent(model: type[Model]) -> bool:
    """Return whether objects of a model are those of a parent as well, which others may show whatever is hidden."""
    return any(
        is_logged(parent) and subject_type(parent._meta.label_lower) is None
        for parent in concrete_parents(model)
    )


def _unused(model: type[Model], change: PendingChange) -> About | None:
    """Return nothing for a tag that comes or goes: only what has it shows it, and its own rows tell of that."""
    is_other = membership_tag(table(model)) in change.tags
    return About(()) if is_other and issubclass(model, TagBase) else None


def _parts(model: type[Model], change: PendingChange) -> About | None:
    """Return the pages that something is a part of, if it is a part of pages alone."""
    owners = [field.related_model for field in parental_keys(model)]
    if not owners or not all(issubclass(owner, Page) for owner in owners):
        return None
    keys = sorted(tag.removeprefix(_PAGES) for tag in change.tags if tag.startswith(_PAGES))
    return About(tuple(Subject(PAGE, key) for key in keys))


def _others(change: PendingChange) -> About | None:
    """Return what `about_tag` names, if all of it can be hidden."""
    named = sorted(tag.removeprefix(ABOUT) for tag in change.tags if tag.startswith(ABOUT))
    found = []
    for label, _, key in (name.partition(":") for name in named):
        object_type = subject_type(label)
        if object_type is None:
            return None
        found.append(Subject(object_type, key))
    return About(tuple(found), is_of_these=False) if found else None


def _tagged(item: Any) -> set[str]:
    # Django remembers content types.
    model = ContentType.objects.get_for_id(item.content_type_id).model_class()
    return {about_tag(model, item.object_id)}


log_with(GenericTaggedItemBase, _tagged)
