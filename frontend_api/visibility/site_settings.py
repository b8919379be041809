"""Finds what the content apps say of a whole site: settings and snippets of the site whose fields are public."""

import logging
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.utils import timezone
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.contrib.settings.registry import registry
from wagtail.models import Locale, Site, TranslatableMixin

from frontend_api.changes.tags import column_tag, table
from frontend_api.introspection import has_drafts, site_content

from .perspective import Perspective
from .revisions import UNUSABLE

logger = logging.getLogger("frontend_api.overlay")


def published_settings() -> list[type[Model]]:
    """Return the models of site settings, and of snippets of a site, that declare public fields in `api_fields`."""
    settings = [model for model in registry if issubclass(model, BaseSiteSetting)]
    return [model for model in (*settings, *site_content()) if hasattr(model, "api_fields")]


def settings_of(
    site: Site, locale: Locale | None = None, perspective: Perspective | None = None
) -> list[Any]:
    """Return the public settings of a site in a language, each with its defaults where nothing is published yet.

    Without `locale` they are those in the language of the site's home page; without `perspective`, as the public sees
    them.
    """
    perspective = perspective or Perspective(site)
    language = site.root_page.locale_id if locale is None else locale.pk
    found = []
    for model in published_settings():
        instance = _seen(model, site, language, perspective)
        if instance is None:
            # Not `for_site`, which creates a missing row: a read must not write.
            instance = model(site=site, **_in(model, language))
            perspective.hold(instance)
        found.append(instance)
    return found


def is_said_in(locale: Locale, perspective: Perspective) -> bool:
    """Return whether one of the snippets of the site is there in a language."""
    translated = [model for model in site_content() if issubclass(model, TranslatableMixin)]
    return not translated or any(
        _seen(model, perspective.site, locale.pk, perspective) is not None for model in translated
    )


def public_settings(perspective: Perspective) -> Iterator[Any]:
    """Yield the settings of a site that are stored and public, in every language."""
    for model in published_settings():
        yield from perspective.objects(model).filter(site=perspective.site)


def _in(model: type[Model], locale: int) -> dict[str, Any]:
    return {"locale_id": locale} if issubclass(model, TranslatableMixin) else {}


def _seen(model: Any, site: Site, locale: int, perspective: Perspective) -> Any:
    """Return the stored settings as the reader sees them, or None if there are none for their eyes."""
    typed = perspective.content
    if isinstance(typed, model) and _is_of(typed, site, locale):
        return typed
    if issubclass(model, BaseSiteSetting):
        return model.base_queryset().filter(site=site).first()
    rows = model._default_manager.filter(site=site, **_in(model, locale))
    if not has_drafts(model):
        return next(iter(perspective.listed(rows.order_by("pk")[:1])), None)
    shows_drafts = perspective.drafts is not None
    found = perspective.listed(rows.filter(**{} if shows_drafts else {"live": True})[:1])
    instance = next(iter(found), None)
    if shows_drafts and instance is not None:
        draft = _draft(instance, perspective)
        if draft is not None or not instance.live:
            return draft
    # Whether the one row has expired is seen on it, where a query would ask for the next of all to do so.
    perspective.dependencies.tags.add(column_tag(table(model), "expire_at"))
    until = instance and instance.expire_at
    if until is not None and until <= timezone.now():
        return None
    perspective.dependencies.holds_until(until)
    return instance


def _is_of(content: Any, site: Site, locale: int) -> bool:
    is_in = not isinstance(content, TranslatableMixin) or content.locale_id == locale
    return bool(is_in and content.site_id == site.pk)


def _draft(stored: Any, perspective: Perspective) -> Any:
    """Return the draft of a snippet that the perspective's user may edit, or None if it has none."""
    drafts: Any = perspective.drafts
    if not drafts.has_draft(stored) or not drafts.may_edit_object(stored):
        return None
    draft = stored
    if stored.latest_revision_id is not None:
        try:
            draft = stored.get_latest_revision_as_object()
        except UNUSABLE:
            logger.warning("The draft of %r cannot be shown.", stored, exc_info=True)
            return None
    perspective.hold(draft)
    return draft
