"""Decides which pages search engines, feed readers and language models are told of.

They are what the public sees, without aliases, whose original says the same, without what leads to another website,
and without what its editor hides from search engines. Which columns say so, the page type declares::

    class TalkPage(Page):
        api_seo = {"noindex": "hide_from_search_engines", "elsewhere": "external_url", "image": "photo"}
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet

from frontend_api.introspection import Page, page_types
from frontend_api.serialization.seo.declaration import ATTRIBUTE
from frontend_api.visibility.perspective import Perspective

COLUMNS = ("noindex", "elsewhere")
"""What a page type names a column for, by which pages are left out."""


def declared_name(model: type[Page], key: str) -> str | None:
    """Return what a page type declares for `key`, whatever that is, or None."""
    given = getattr(model, ATTRIBUTE, {})
    return given.get(key) if isinstance(given, dict) else None


def seo_column(model: type[Page], key: str) -> str | None:
    """Return the name of the column that a page type declares for `key`, or None if it declares none."""
    name = declared_name(model, key)
    try:
        field = model._meta.get_field(name) if name else None
    except FieldDoesNotExist:
        return None
    return str(name) if field is not None and field.concrete and not field.many_to_many else None


def columns(key: str, model: type[Page] = Page) -> Iterator[tuple[type[Page], str]]:
    """Yield each type of `model` that declares a column for `key`, with the column's name."""
    for page_type in page_types(model):
        name = seo_column(page_type, key)
        if name is not None:
            yield page_type, name


def indexed(
    perspective: Perspective, model: type[Page] = Page, locale: str | None = None
) -> QuerySet[Any]:
    """Return the pages of `model` that search engines are told of, in one language or in all."""
    pages: QuerySet[Any] = perspective.pages(model).filter(alias_of__isnull=True)
    if locale is not None:
        pages = pages.filter(locale__language_code=locale)
    for page_type in page_types(model):
        if declared_name(page_type, "noindex") is not None:
            pages = pages.exclude(pk__in=_hidden(page_type))
    return pages


def here(
    perspective: Perspective, model: type[Page] = Page, locale: str | None = None
) -> QuerySet[Any]:
    """Return those of `indexed` that are read on the website itself, and do not lead elsewhere."""
    pages = indexed(perspective, model, locale)
    for page_type, name in columns("elsewhere", model):
        leads = page_type._default_manager.exclude(Q(**{name: ""}) | Q(**{f"{name}__isnull": True}))
        pages = pages.exclude(pk__in=leads.order_by().values("pk"))
    return pages


def _hidden(page_type: type[Page]) -> QuerySet[Any]:
    """Return the pages of a type that are hidden from search engines: all, where it cannot be asked which."""
    name = seo_column(page_type, "noindex")
    pages: QuerySet[Any] = page_type._default_manager.order_by().values("pk")
    return pages.filter(**{name: True}) if name else pages
