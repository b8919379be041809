"""What of the models is carried from one environment to another: which objects, their parts, and their columns."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE, Model
from taggit.models import Tag, TaggedItem
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.embeds.models import Embed
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site, TranslatableMixin
from wagtail.snippets.models import get_snippet_models

from cms.transfer.backups.tables import Table, table_of
from frontend_api.changes.logged_models import is_logged
from frontend_api.introspection import parental_keys, site_content
from frontend_api.redirects.models import FormerPath

TREES = (Page, Collection)
OF_THE_PLACE = {"path", "depth", "numchild", "url_path"}
"""Columns of a tree, which are worked out anew."""
NAMED = (ContentType, Group)
"""What has the same name everywhere, and is never made by an import."""
REVISIONS = ("latest_revision", "live_revision")
OF_DRAFTS = {"draft_title", "has_unpublished_changes", "latest_revision_created_at"}
"""Columns that say what is drafted, of which nothing is published."""


@dataclass(frozen=True)
class Part:
    """A model whose objects are parts of others: saved with them, and deleted with them."""

    model: Any
    whole: Any
    """The model that has the parts."""
    column: str
    """The column that has the key of the whole."""
    is_tagging: bool = False


def root(model: Any) -> Any:
    """Return the model that has the primary key: for a page of any type, that of all pages."""
    while model._meta.parents:
        model = next(iter(model._meta.parents))
    return model


def chain(model: Any) -> list[Any]:
    """Return the models of which an object of `model` has a row each, from its root on."""
    above = next(iter(model._meta.parents), None)
    return [*(chain(above) if above else ()), model]


def label(model: Any) -> str:
    """Return the label under which the objects of `model` have their keys."""
    return str(root(model)._meta.label)


def is_translatable(model: Any) -> bool:
    """Return whether objects of `model` are known by their translation key and language."""
    return issubclass(model, TranslatableMixin)


def is_carried(model: Any) -> bool:
    """Return whether a reference to `model` means something elsewhere: accounts, revisions and tasks stay here."""
    return model in NAMED or is_logged(root(model)) or root(model) in _independent()


@cache
def _independent() -> frozenset[Any]:
    return frozenset(
        {
            *(root(model) for model in (*get_snippet_models(), *site_content())),
            *(get_image_model(), get_document_model()),
            *(Collection, Embed, FormerPath, Locale, Page, Redirect, Site, Tag),
        }
    )


@cache
def parts(model: type[Model]) -> tuple[Part, ...]:
    """Return the parts that objects have for having a row of `model`."""
    found = [
        Part(candidate, model, owner.column)
        for candidate in apps.get_models(include_auto_created=True)
        if (owner := _owner(candidate)) is not None and owner.remote_field.model is model
    ]
    if model in (get_image_model(), get_document_model()):
        found.append(Part(TaggedItem, model, "object_id", is_tagging=True))
    return tuple(found)


@cache
def _owner(model: Any) -> Any:
    """Return the field that leads from a part to its whole, or None for what is no part."""
    options = model._meta
    whole = options.auto_created
    if whole:
        is_part = _is_part(whole) or root(whole) in _independent() or is_logged(root(whole))
        fields = [field for field in options.concrete_fields if field.related_model is whole]
        return fields[0] if is_part and fields else None
    if not _is_part(model):
        return None
    if parental := parental_keys(model):
        return parental[0]
    return next((field for field in options.concrete_fields if _leads_to_whole(field)), None)


def _is_part(model: Any) -> bool:
    """Return whether objects of `model` may be parts, which are neither of several tables nor for themselves."""
    return (
        model._meta.managed
        and not model._meta.proxy
        and not model._meta.parents
        and model not in _independent()
        and model is not TaggedItem
        and is_logged(model)
    )


def _leads_to_whole(field: Any) -> bool:
    return bool(
        field.many_to_one
        and not field.null
        and field.remote_field.on_delete is CASCADE
        and field.related_model not in (*NAMED, Locale, Site)
        and is_carried(field.related_model)
    )


def columns(model: Any, *, but: str = "") -> list[Any]:
    """Return the fields whose columns are carried: no keys, no places in trees, nothing of accounts."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if not field.primary_key
        and field.column != but
        and not (root(model) in TREES and field.name in OF_THE_PLACE)
        and field.name not in REVISIONS
        and not field.name.startswith("locked")
        and (not field.is_relation or is_carried(field.related_model))
    ]


@cache
def table(model: Any) -> Table:
    """Return the table of a model."""
    return table_of(model)
