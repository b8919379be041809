"""Describes a change: what happened, to which object, and where."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.contrib.settings.models import BaseGenericSetting, BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Collection, CollectionViewRestriction, Locale, PageViewRestriction, Site
from wagtail.snippets.models import get_snippet_models

from frontend_api.introspection import Page, SiteContent, parental_keys

from .logged_models import whole_of
from .models import Kind
from .sites import site_of
from .writing import PendingChange


def change(instance: Any, *, before: Any, is_new: bool, is_gone: bool) -> PendingChange:
    """Return the change that happens to an object, or to what it is part of; its `tags` are empty."""
    if isinstance(instance, PageViewRestriction | CollectionViewRestriction):
        return _restriction(instance, is_gone=is_gone)
    whole = whole_of(instance)
    if whole:
        model, key = whole
        return PendingChange(
            kind_of(model), object_type=model._meta.label_lower, object_id=str(key)
        )
    owner = _owner(instance)
    if isinstance(owner, Page):
        is_itself = owner is instance
        if not is_itself:
            return page(owner, Kind.UPDATED, before=owner)
        was_live = before.live if before is not None else not is_new
        kind = _page_kind(was_live, owner.live, is_gone=is_gone)
        return page(owner, kind, before=before, is_gone=is_gone)
    kind = kind_of(type(owner))
    if is_gone and owner is instance and kind != Kind.REDIRECT:
        kind = Kind.DELETED
    return PendingChange(
        kind,
        object_type=owner._meta.label_lower,
        object_id=str(owner.pk),
        site_id=getattr(owner, "site_id", owner.pk if isinstance(owner, Site) else None),
    )


def page(
    page: Page, kind: Kind, *, before: Page | None = None, is_gone: bool = False
) -> PendingChange:
    """Return the change that happens to a page; its `tags` are empty."""
    return PendingChange(
        kind,
        object_type=_type_of(page),
        object_id=str(page.pk),
        path_before=before.url_path if before is not None else (page.url_path if is_gone else ""),
        path_after="" if is_gone else page.url_path,
        site_id=site_of(page),
        locale=page.locale.language_code if page.locale_id else "",
    )


def _page_kind(was_live: bool, is_live: bool, *, is_gone: bool) -> Kind:
    if is_gone:
        return Kind.DELETED
    if was_live != is_live:
        return Kind.PUBLISHED if is_live else Kind.UNPUBLISHED
    return Kind.UPDATED


def _restriction(instance: Any, *, is_gone: bool) -> PendingChange:
    target: Any = (
        instance.page if isinstance(instance, PageViewRestriction) else instance.collection
    )
    kind = Kind.UNRESTRICTED if is_gone else Kind.RESTRICTED
    if isinstance(target, Page):
        return page(target, kind, before=target)
    return PendingChange(kind, object_type=target._meta.label_lower, object_id=str(target.pk))


def _owner(instance: Any) -> Any:
    """Return the outermost loaded parent of an inline child, or else the object itself."""
    for field in parental_keys(type(instance)):
        if field.is_cached(instance) and getattr(instance, field.name) is not None:
            return _owner(getattr(instance, field.name))
    return instance


def kind_of(model: type[Model]) -> Kind:
    """Return the kind of a change to an object of a model other than a page."""
    if model._meta.label_lower in _REDIRECTS:
        return Kind.REDIRECT
    for base, kind in _KINDS:
        if issubclass(model, base):
            return kind
    return Kind.SNIPPET if model in get_snippet_models() else Kind.OTHER


# By name, because a project need not have the first.
_REDIRECTS = frozenset({"wagtailredirects.redirect", "frontend_api.formerpath"})
_KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (AbstractImage, Kind.IMAGE),
    (AbstractDocument, Kind.DOCUMENT),
    (BaseSiteSetting, Kind.SETTING),
    (BaseGenericSetting, Kind.SETTING),
    (SiteContent, Kind.SETTING),
    (Collection, Kind.COLLECTION),
    (Site, Kind.SITE),
    (Locale, Kind.LOCALE),
)


def _type_of(page: Page) -> str:
    # Django caches content types.
    model = ContentType.objects.get_for_id(page.content_type_id).model_class()
    return (model or type(page))._meta.label_lower
