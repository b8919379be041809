"""What an object says, by the `search_fields` of its model: its title, what introduces it, and the rest."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.search import index

from frontend_api.introspection import Page
from frontend_api.serialization.declarations import LISTS, declared

logger = logging.getLogger("frontend_api.search")


@dataclass(frozen=True)
class Contents:
    """The texts of an object."""

    title: str
    lead: list[str]
    """What its search fields give more weight than others, such as a summary."""
    rest: list[str]
    shown: list[str]
    """Those of its texts that readers see, without what it names."""


@cache
def root_of(model: Any) -> Any:
    """Return the model that has the keys of the objects of `model`, or None if they are not searched here."""
    for base in (Page, get_image_model(), get_document_model()):
        if issubclass(model, base):
            # A key that is no number has no place in the index.
            kind = base._meta.pk.get_internal_type()
            is_number = kind in {"AutoField", "BigAutoField", "IntegerField", "BigIntegerField"}
            return base if is_number and index.class_is_indexed(base) else None
    return None


def kind_of(model: Any) -> str:
    """Return under what the objects of `model` are kept; an empty string if they are not."""
    root = root_of(model)
    return "" if root is None else str(root._meta.label_lower)


def contents_of(instance: Any) -> Contents:
    """Return what an object says."""
    lead: list[str] = []
    rest: list[str] = []
    shown: list[str] = []
    model: Any = type(instance)
    seen = _seen_by_readers(model)
    for field in model.get_search_fields():
        name = str(getattr(field, "field_name", ""))
        if name == "title" or isinstance(field, index.FilterField | index.AutocompleteField):
            continue
        try:
            texts = [text for text in _texts(field, instance) if text.strip()]
        except Exception:
            # Whatever is wrong with a field of the project's, the page is published all the same.
            logger.exception("%r is not found by its %s.", instance, name)
            continue
        is_lead = isinstance(field, index.SearchField) and (field.boost or 0) > 1
        (lead if is_lead else rest).extend(texts)
        if isinstance(field, index.SearchField) and name in seen:
            shown.extend(texts)
    return Contents(str(getattr(instance, "title", instance)), lead, rest, shown)


@cache
def _seen_by_readers(model: Any) -> frozenset[str]:
    """Return the names of the fields that the API shows; others may be searched, and are no excerpt."""
    names = {name for attribute in LISTS for name in declared(model, attribute)}
    return frozenset(names | {"search_description"})


def _texts(field: Any, instance: Any) -> Iterator[str]:
    if isinstance(field, index.RelatedFields):
        try:
            value = field.get_value(instance)
        except ObjectDoesNotExist:
            return
        for related in () if value is None else value.all() if hasattr(value, "all") else (value,):
            for inner in field.fields:
                if not isinstance(inner, index.FilterField | index.AutocompleteField):
                    yield from _texts(inner, related)
    else:
        yield from _strings(field.get_value(instance))


def _strings(value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, dict):
        value = value.values()
    elif isinstance(value, str) or not hasattr(value, "__iter__"):
        yield str(value)
        return
    for one in value:
        yield from _strings(one)
