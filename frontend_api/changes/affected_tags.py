"""Works out which tags a change invalidates; see `tags`."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, ForeignKey, ManyToOneRel, Model, Q
from wagtail.models import Collection, CollectionViewRestriction, Locale, PageViewRestriction, Site

from frontend_api.introspection import Page, page_types, parental_keys

from .logged_models import is_logged, more_tags, whole_of
from .sites import is_home
from .tags import (
    EVERYTHING,
    branch_tag,
    column_tag,
    membership_tag,
    object_tag,
    path_tag,
    table,
    tables,
    translations_tag,
)

# The columns by which a home page comes, goes, or has another place.
_PLACING = {"slug", "url_path", "live", "expire_at", "locale_id", "translation_key"}
_of_appearing: list[Callable[[Page], set[str]]] = []


def when_page_appears(tags_of: Callable[[Page], set[str]]) -> None:
    """Add what `tags_of` returns to the tags of a page that appears or disappears: those of what leads to it."""
    _of_appearing.append(tags_of)


def object_tags(instance: Any) -> set[str]:
    """Return the tags of an object, its tables, what it is part of, the objects that it links, and its translations.

    A rendition is part of its image, an inline child of its parent; a row of a many-to-many table links two objects.
    """
    model: type[Model] = type(instance)
    tags = {object_tag(model, instance.pk), *tables_of(instance), *more_tags(instance)}
    for field in (*parental_keys(model), *_link_keys(model)):
        tags.add(object_tag(field.related_model, getattr(instance, field.attname)))
    if isinstance(instance, Page):
        tags.add(translations_tag(instance.translation_key))
    whole = whole_of(instance)
    if whole:
        tags.add(object_tag(*whole))
    return tags


@cache
def _link_keys(model: type[Model]) -> tuple[Any, ...]:
    """Return the foreign keys of a many-to-many table, whose rows may be created directly; empty for other models."""
    is_between = any(
        field.remote_field.through is model
        for other in apps.get_models()
        for field in other._meta.many_to_many
    )
    fields = model._meta.concrete_fields if is_between else ()
    return tuple(field for field in fields if isinstance(field, ForeignKey))


def all_tags(instance: Any) -> set[str]:
    """Return the tags that an object invalidates when it is added or deleted."""
    tags = object_tags(instance) | {membership_tag(name) for name in tables_of(instance)}
    if isinstance(instance, Page):
        tags.add(path_tag(instance.url_path))
        if is_home(instance):
            tags.add(EVERYTHING)
    return tags


def place_tags(page: Page) -> set[str]:
    """Return the tags of responses that found no page where `page` is, or that would lead to it."""
    return {path_tag(page.url_path)}.union(*(tags_of(page) for tags_of in _of_appearing))


def tables_of(instance: Any) -> tuple[str, ...]:
    """Return the tables in which an object has a row, whatever type it was loaded as."""
    model: Any = type(instance)
    if isinstance(instance, Page):
        model = instance.specific_class or model
    return tables(model)


def tree_tags(before: Page, after: Page, changed: set[str]) -> set[str]:
    """Return the further tags that are invalidated when a page's address changes, or whether it is public."""
    tags = set()
    if changed & {"slug", "url_path"}:
        tags.add(branch_tag(after.path))
    if changed & {"slug", "url_path", "live", "expire_at"}:
        tags |= {path_tag(before.url_path), *place_tags(after)}
    if changed & {"live", "expire_at", "locale_id", "translation_key"} and has_followers(after):
        # Its followers appear and disappear with it; in a translation of a home page, they belong to its site.
        tags.add(EVERYTHING)
    if changed & _PLACING and (is_home(before) or is_home(after)):
        # Which languages a site has, and where each begins, matters to all that it shows.
        tags.add(EVERYTHING)
    if "alias_of_id" in changed:
        # Another page now decides whether it and everything below it is hidden.
        tags.add(EVERYTHING)
    return tags


def far_reaching_tags(instance: Any) -> set[str]:
    """Return the tags of responses that depend on an object without showing it; empty for most objects."""
    if isinstance(instance, Site | Locale | Collection | CollectionViewRestriction):
        return {EVERYTHING}
    if isinstance(instance, PageViewRestriction):
        page = Page.objects.filter(pk=instance.page_id).first()
        if page is None or has_followers(page) or is_home(page):
            return {EVERYTHING}
        # To readers, it looks as if the page were published or unpublished.
        live = {column_tag(name, "live") for name in tables_of(page)}
        return object_tags(page) | live | place_tags(page)
    return set()


def tags_of_choices(model: type[Model]) -> set[str]:
    """Return the tags of rows that change without a signal when an object of `model` is deleted.

    These are the rows of automatic many-to-many tables, and the foreign keys to it that do not cascade.
    """
    tags = set()
    for field in model._meta.get_fields():
        relation: Any = field if field.auto_created else getattr(field, "remote_field", None)
        through = getattr(relation, "through", None)
        if through is not None and through._meta.auto_created:
            tags |= {table(through), membership_tag(table(through))}
        elif isinstance(field, ManyToOneRel) and field.on_delete is not CASCADE:
            holder: Any = field.related_model
            if is_logged(holder):
                tags.add(table(holder))
                for name in tables_with(holder):
                    tags.add(column_tag(name, field.field.column))
    return tags


def has_followers(page: Page) -> bool:
    """Return whether other pages appear and disappear with a page: its descendants and its aliases.

    This runs a query, because the `numchild` of `page` may be out of date.
    """
    below = Q(path__startswith=page.path, depth__gt=page.depth)
    return bool(Page.objects.filter(below | Q(alias_of=page.pk)).exists())


def tables_with(model: type[Model]) -> list[str]:
    """Return every table whose objects have the columns of `model`."""
    if issubclass(model, Page):
        return [table(one) for one in page_types(model)]
    return [*tables(model)]
