"""Django checks for the fields that a content app declares to the API, and for its search fields."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionMember
from wagtail.search.index import RelatedFields

from frontend_api.introspection import Page, has_drafts, page_types

from .declarations import LISTS, declared, has_attribute
from .fields import RepresentedField


@register()
def check_api_fields(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the model has every name in `api_fields`, `api_teaser_fields` and `api_meta_fields`.

    `frontend_api.E001`: a name that is not a field, property or method of the model. `frontend_api.E002`: a name in
    `api_teaser_fields` that is missing from `api_fields`, so that a detail view would show less than a listing.
    """
    return [message for model in apps.get_models() for message in _messages(model)]


@register()
def check_search_fields(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that a search cannot match hidden text.

    `frontend_api.W002`: the search fields of a page type, of images or of documents include fields of a related model
    whose objects may be hidden, as drafts or in a private collection. The index contains their text all the same.
    """
    return [
        Warning(
            f"A search of {model.__name__} finds it by {name!r}, of which {related.__name__} may be hidden.",
            hint="Name fields of the page itself; a reader of the API could find out what a draft says.",
            obj=model,
            id="frontend_api.W002",
        )
        for model in (*page_types(), get_image_model(), get_document_model())
        for name, related in _hidden_ways(model, model.get_search_fields())
    ]


def _hidden_ways(model: Any, search_fields: Any) -> Iterator[tuple[str, Any]]:
    """Yield the name and target model of every relation in `search_fields` whose objects may be hidden."""
    for field in search_fields:
        if isinstance(field, RelatedFields):
            related = field.get_field(model).related_model
            if has_drafts(related) or issubclass(related, Page | CollectionMember):
                yield field.field_name, related
            else:
                yield from _hidden_ways(related, field.fields)


def _messages(model: Any) -> Iterator[CheckMessage]:
    lists = {attribute: declared(model, attribute) for attribute in LISTS}
    for attribute, fields in lists.items():
        for name, field in fields.items():
            # A RepresentedField may read anything from the object, and so may a field whose source is all of it (`*`).
            source = getattr(field.serializer, "source", None) or name
            first = source.partition(".")[0]
            if (
                isinstance(field.serializer, RepresentedField)
                or first == "*"
                or has_attribute(model, first)
            ):
                continue
            yield Error(
                f"{attribute} names {first!r}, which {model.__name__} does not have.",
                hint="Name a field, a property or a method without arguments.",
                obj=model,
                id="frontend_api.E001",
            )
    for name in lists["api_teaser_fields"]:
        if name not in lists["api_fields"]:
            yield Error(
                f"api_teaser_fields names {name!r}, which is missing from api_fields.",
                hint="Add it to api_fields; a detail shows all that a listing shows.",
                obj=model,
                id="frontend_api.E002",
            )
