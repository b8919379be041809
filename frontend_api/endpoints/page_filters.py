"""The filters of `pages/`, as in Wagtail's v2 API: type, place in the tree, locale, translations and field values."""

import datetime
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Count, QuerySet
from django.http import QueryDict
from taggit.managers import TaggableManager
from wagtail.api.conf import get_model_field
from wagtail.fields import StreamField

from frontend_api.errors import bad_parameter
from frontend_api.introspection import Page, page_type, page_types
from frontend_api.serialization.declarations import declared
from frontend_api.serialization.fields import Chosen, RepresentedField
from frontend_api.serialization.objects import known_names
from frontend_api.visibility.perspective import Perspective

from . import ranges
from .locale_parameter import locale_named
from .parameters import several, whole_number

TREE_PARAMETERS = ("type", "child_of", "descendant_of", "ancestor_of", "translation_of", "locale")


def models_named(text: str) -> tuple[type[Page], ...]:
    """Return the page models that `type` names, as in `programmes.ProgrammePage,insights.InsightPage`."""
    found = [page_type(label) for label in several("type", text)]
    named = tuple(model for model in found if model is not None)
    if len(named) < len(found):
        raise bad_parameter("type", f"type is '{text[:100]}'; name page types, as in app.Model.")
    return named


def column_names(model: type[Page]) -> set[str]:
    """Return the names of the fields of `model` that one can filter by: those that are a single column."""
    return columns_among(model, known_names(model) - {"locale", "alias_of", "parent", "type"})


def columns_among(model: type[models.Model], names: Iterable[str]) -> set[str]:
    """Return those of `names` that are a single column of `model`."""
    found = set()
    for name in names:
        try:
            field = get_model_field(model, name)
        except FieldDoesNotExist:
            continue
        is_other = isinstance(field, StreamField | TaggableManager | models.JSONField)
        if field.concrete and not field.many_to_many and not is_other:
            found.add(name)
    return found


def relation_names(model: type[Page]) -> set[str]:
    """Return the names of the fields of `model` that hold several objects, by one of which one can filter.

    `ingredients=3` finds what has the object with the id 3; `tags=sea,wind` finds what has both tags.
    """
    names = set()
    for name, declared_field in declared(model, "api_fields").items():
        # What a field with a form of its own shows, only that knows.
        if isinstance(declared_field.serializer, RepresentedField) and not isinstance(
            declared_field.serializer, Chosen
        ):
            continue
        try:
            field = get_model_field(model, name)
        except FieldDoesNotExist:
            continue
        if isinstance(field, TaggableManager) or (
            (field.many_to_many or field.one_to_many) and not isinstance(field, GenericRelation)
        ):
            names.add(name)
    return names


def filter_names(model: type[Page]) -> set[str]:
    """Return the names of the fields of `model` that one can filter by."""
    return column_names(model) | relation_names(model)


def tag_names(model: type[Page]) -> set[str]:
    """Return the names of the fields of `model` that hold tags."""
    fields = {name: get_model_field(model, name) for name in relation_names(model)}
    return {name for name, field in fields.items() if isinstance(field, TaggableManager)}


@cache
def list_names() -> frozenset[str]:
    """Return the names of the parameters of `pages/` that hold lists: `order`, `type`, and the tags of every type."""
    return frozenset({"order", "type"}.union(*map(tag_names, page_types())))


def with_type(name: str) -> str | None:
    """Return a sentence that says which `type` a parameter goes with, or None if no page type has it."""
    holders = sorted(
        model._meta.label
        for model in page_types()
        if name in filter_names(model) or name in ranges.names(model, filter_names(model))
    )
    if not holders:
        return None
    return f"{name} goes with one type; add type={' or type='.join(holders)}."


def order_names(model: type[Page]) -> set[str]:
    """Return the names of the fields of `model` that one can order by.

    Relations are left out: an order by their ids would reveal whether a private object is chosen.
    """
    return {name for name in column_names(model) if not get_model_field(model, name).is_relation}


def filter_pages(
    queryset: QuerySet[Any], query: QueryDict, perspective: Perspective
) -> QuerySet[Any]:
    """Return `queryset` narrowed by the filters in `query`."""
    if "child_of" in query and "descendant_of" in query:
        raise bad_parameter("descendant_of", "descendant_of cannot be combined with child_of.")
    for name, narrow in _TREE_FILTERS.items():
        if name in query:
            queryset = narrow(queryset, _page_named(name, str(query[name]), perspective))
    locale = locale_named(query)
    if locale is not None:
        queryset = queryset.filter(locale=locale)
    related, columns = relation_names(queryset.model), column_names(queryset.model)
    for name, text in query.items():
        if name in related:
            queryset = _related(queryset, name, str(text), perspective)
        elif name in columns:
            queryset = having(queryset, name, str(text), perspective)
    return queryset


def path_to(model: type[Page], name: str) -> tuple[str, Any]:
    """Return the path from `model` to the objects that a field shows, and their model.

    Those that inline children choose (`Chosen`) are shown in the place of the children.
    """
    serializer = declared(model, "api_fields")[name].serializer
    if isinstance(serializer, Chosen):
        return f"{name}__{serializer.chooser}", serializer.target(model, name)
    return name, get_model_field(model, name).related_model


def having(
    queryset: QuerySet[Any], name: str, text: str, perspective: Perspective
) -> QuerySet[Any]:
    """Return `queryset` narrowed to the objects with a value in a column."""
    field = get_model_field(queryset.model, name)
    value: Any = _value(field, name, text)
    if field.is_relation:
        # An object that may not be seen counts as not chosen.
        visible = perspective.objects(field.related_model).filter(pk=value)
        return queryset.filter(**{f"{name}__in": visible.values("pk")})
    if isinstance(value, datetime.datetime):
        # The JSON shows times to the millisecond, so match the whole millisecond.
        start = value.replace(microsecond=value.microsecond // 1000 * 1000)
        end = start + datetime.timedelta(microseconds=999)
        return queryset.filter(**{f"{name}__range": (start, end)})
    return queryset.filter(**{name: value})


def having_all_tags(objects: QuerySet[Any], field: str, names: list[str]) -> QuerySet[Any]:
    """Return the objects that have all the tags in `names`, which holds no name twice, in a field.

    One subquery counts each object's tags, because databases cannot handle a join, or a subquery, for every tag.
    """
    found = (
        objects.model._default_manager.filter(**{f"{field}__name__in": names})
        .order_by()
        .values("pk")
        .annotate(tags_there=Count(f"{field}__name", distinct=True))
        .filter(tags_there=len(names))
    )
    return objects.filter(pk__in=found.values("pk"))


def _related(
    queryset: QuerySet[Any], name: str, text: str, perspective: Perspective
) -> QuerySet[Any]:
    """Return `queryset` narrowed to the pages that have a visible object, or all of several tags."""
    if isinstance(get_model_field(queryset.model, name), TaggableManager):
        return having_all_tags(queryset, name, several(name, text))
    path, target = path_to(queryset.model, name)
    visible = perspective.objects(target).filter(pk=_value(target._meta.pk, name, text))
    every = queryset.model._default_manager
    # A join would repeat a page for each row that matches; a subquery does not.
    return queryset.filter(
        pk__in=every.filter(**{f"{path}__in": visible.values("pk")}).values("pk")
    )


_TREE_FILTERS: dict[str, Callable[[Any, Page], QuerySet[Any]]] = {
    "child_of": lambda pages, page: pages.child_of(page),
    "descendant_of": lambda pages, page: pages.descendant_of(page),
    "ancestor_of": lambda pages, page: pages.ancestor_of(page),
    "translation_of": lambda pages, page: pages.translation_of(page),
}


def _page_named(parameter: str, text: str, perspective: Perspective) -> Page:
    """Return the visible page with the id `text`, or the site's home for `root`; a private page counts as missing."""
    if text == "root":
        return perspective.site.root_page
    named = perspective.pages().filter(pk=whole_number(parameter, text))
    for page in perspective.listed(named):
        perspective.dependencies.add_page(page)
        return page
    raise bad_parameter(parameter, f"{parameter} is {text}; there is no such page.")


def _value(field: Any, name: str, text: str) -> Any:
    try:
        if isinstance(field, models.BooleanField):
            return _boolean(text)
        target = column_of(field)
        if isinstance(target, models.IntegerField):
            return whole_number(name, text)
        value = target.to_python(text)
        if isinstance(value, datetime.datetime):
            # A time without a zone is UTC, like all times here. Converting one in the first or last hours of the
            # calendar overflows.
            value = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
            return value.astimezone(datetime.UTC)
        return value
    except (ValueError, ValidationError, OverflowError) as error:
        raise bad_parameter(
            name, f"{name} is '{text[:40]}', which cannot be read: {_reason(error)}"
        ) from error


def _boolean(text: str) -> bool:
    if text not in {"true", "1", "false", "0"}:
        raise ValueError("it must be true or false")
    return text in {"true", "1"}


def column_of(field: Any) -> Any:
    """Return the field whose values `field` is compared with: for a foreign key, the id at the end of its chain."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _reason(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else f"{error}."
