"""What readers see now of all that can be hidden: pages, images, documents, and snippets with drafts."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Site

from frontend_api.changes.logged_models import is_logged
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.introspection import Page, has_drafts
from frontend_api.visibility.perspective import Perspective

PAGE = "page"


class Subject(NamedTuple):
    """Something that can be hidden: `page` or the label of its model, and its id."""

    object_type: str
    object_id: str


class Key(NamedTuple):
    """Where it is seen: for a page on a site, else everywhere, which is 0."""

    subject: Subject
    site_id: int = 0


class Shown(NamedTuple):
    """How it is seen."""

    shown_type: str
    path: str = ""
    locale: str = ""


class Seen(NamedTuple):
    """What is seen, and when it expires at the latest."""

    shown: dict[Key, Shown]
    expires: datetime | None


def subject_type(label: str) -> str | None:
    """Return as what the objects of a model are known here, by its label; None if they are never hidden."""
    try:
        model: Any = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    if issubclass(model, Page):
        return PAGE
    return next((base for base in hideable() if issubclass(model, apps.get_model(base))), None)


@cache
def hideable() -> tuple[str, ...]:
    """Return the labels of all models, other than pages, of which objects can be hidden."""
    media = (get_image_model(), get_document_model())
    drafts = (
        model
        for model in apps.get_models()
        if has_drafts(model)
        and not issubclass(model, Page)
        and is_logged(model)
        and not any(map(has_drafts, model._meta.get_parent_list()))
    )
    return tuple(dict.fromkeys(model._meta.label_lower for model in (*media, *drafts)))


def is_named(object_type: str) -> bool:
    """Return whether readers know objects of a type by their ids: images and documents, as well as pages."""
    media = (get_image_model(), get_document_model())
    return object_type == PAGE or apps.get_model(object_type) in media


def seen_now(
    wanted: Mapping[str, Collection[str]] | None, sites: Collection[int] | None = None
) -> Seen:
    """Return what is seen of the objects `wanted` by type and id, or of everything for None.

    Pages are looked for on these `sites` and those that begin at the same pages, or on all sites for None.
    """
    if wanted is not None and not wanted:
        return Seen({}, None)
    every = list(Site.objects.select_related("root_page").order_by("pk"))
    homes = None if sites is None else {site.root_page_id for site in every if site.pk in sites}
    shown: dict[Key, Shown] = {}
    expiries: list[datetime | None] = []
    for object_type in (PAGE, *hideable()) if wanted is None else wanted:
        is_page = object_type == PAGE
        keys = None if wanted is None else wanted[object_type]
        looked_at = [site for site in every if homes is None or site.root_page_id in homes]
        for site in looked_at if is_page else every[:1]:
            perspective = Perspective(site, dependencies=Dependencies())
            for key, one, at in (_pages if is_page else _others)(perspective, object_type, keys):
                shown[key] = one
                expiries.append(at)
    return Seen(shown, min((one for one in expiries if one), default=None))


def _pages(
    perspective: Perspective, object_type: str, keys: Collection[str] | None
) -> Iterator[tuple[Key, Shown, datetime | None]]:
    pages = perspective.pages().order_by()
    if keys is not None:
        pages = pages.filter(pk__in=keys)
    columns = ("pk", "path", "url_path", "locale__language_code", "content_type_id", "expire_at")
    for pk, place, url_path, code, type_id, expires in pages.values_list(*columns):
        key = Key(Subject(PAGE, str(pk)), perspective.site.pk)
        yield key, Shown(_label(type_id), perspective.path_at(place, url_path), code), expires


def _others(
    perspective: Perspective, object_type: str, keys: Collection[str] | None
) -> Iterator[tuple[Key, Shown, datetime | None]]:
    model: Any = apps.get_model(object_type)
    objects = perspective.objects(model).order_by()
    if keys is not None:
        objects = objects.filter(pk__in=keys)
    columns = ("pk", "expire_at") if has_drafts(model) else ("pk", "pk")
    for pk, expires in objects.values_list(*columns):
        at = expires if has_drafts(model) else None
        yield Key(Subject(object_type, str(pk))), Shown(model._meta.label), at


def _label(type_id: int) -> str:
    # Django remembers content types.
    model = ContentType.objects.get_for_id(type_id).model_class()
    return (model or Page)._meta.label
