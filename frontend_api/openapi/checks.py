"""Django checks for what a content app declares to the API, so that a slip is found at start-up and not by a reader."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from wagtail.api import APIField
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionMember, Page, get_page_models
from wagtail.search.index import RelatedFields
from wagtail_headless_preview.settings import headless_preview_settings

from frontend_api.endpoints.collections import collections
from frontend_api.serialization.model_fields import RepresentedField
from frontend_api.serialization.nested import Level
from frontend_api.visibility.queries import has_drafts

LISTS = ("api_fields", "api_teaser_fields", "api_meta_fields")


@register()
def check_api_fields(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that every name in `api_fields` and its kin is something the model has.

    `frontend_api.E001`: a name that is no field, property or method of the model. `frontend_api.E002`: a name in
    `api_teaser_fields` that `api_fields` does not have, so that a detail would show less than a listing.
    """
    return [message for model in apps.get_models() for message in _messages(model)]


@register()
def check_types(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that everything in `api_fields` and its kin has a type, block by block, so that clients get one.

    `frontend_api.E003`: a field or block whose JSON nothing says the type of. `frontend_api.E004`: a filter of a
    collection of which nothing says what it takes.
    """
    # The description of the API is loaded by what needs it; a server that answers requests does not check itself.
    from .components import Components
    from .fields import of_field
    from .json_schema import Untyped
    from .parameters import of_filter

    components = Components()
    messages: list[CheckMessage] = []
    for model in apps.get_models():
        fields = {
            name: field for attribute in LISTS for name, field in _fields(model, attribute).items()
        }
        for name, field in fields.items():
            if field.serializer is None and not _has(model, name):
                # `check_api_fields` names it.
                continue
            try:
                of_field(model, field, Level.DETAIL, components)
            except Untyped as error:
                messages.append(
                    Error(
                        f"{error}; what it gives has no type.",
                        hint="Annotate a property with what it returns; give a field or block of its own form a "
                        "method json_schema. See docs/content-types.md.",
                        obj=model,
                        id="frontend_api.E003",
                    )
                )
    for viewset in collections.values():
        for name, one in viewset.filterset_class.base_filters.items():
            try:
                of_filter(name, one)
            except Untyped as error:
                messages.append(
                    Error(
                        f"{viewset.__name__}: {error}.",
                        hint="Give the filter a method json_schema that says what it takes.",
                        obj=viewset,
                        id="frontend_api.E004",
                    )
                )
    return messages


@register()
def check_client_urls(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that previews have somewhere to open.

    `frontend_api.E008`: an address in `WAGTAIL_HEADLESS_PREVIEW["CLIENT_URLS"]` that is none, or no default one.
    """
    urls = headless_preview_settings.CLIENT_URLS
    return [
        Error(
            f"WAGTAIL_HEADLESS_PREVIEW: CLIENT_URLS has no usable address for {name!r}.",
            hint="Give it the address of a frontend's preview, such as https://www.example.org/preview; the default "
            "one may have {SITE_ROOT_URL} in it.",
            id="frontend_api.E008",
        )
        for name in ("default", *(name for name in urls if name != "default"))
        if not _is_address(urls.get(name), name)
    ]


@register()
def check_search_fields(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that a search finds nothing by what may not be seen.

    `frontend_api.W002`: the search fields of a page type or of media name those of a model whose objects may be
    hidden, be they drafts or in a private collection. The index has their texts all the same.
    """
    return [
        Warning(
            f"A search of {model.__name__} finds it by {name!r}, of which {related.__name__} may be hidden.",
            hint="Name fields of the page itself; a reader of the API could find out what a draft says.",
            obj=model,
            id="frontend_api.W002",
        )
        for model in (*get_page_models(), get_image_model(), get_document_model())
        for name, related in _hidden_ways(model, model.get_search_fields())
    ]


def _hidden_ways(model: Any, search_fields: Any) -> Iterator[tuple[str, Any]]:
    """Yield the name and the model of every relation that a search goes along, to what may be hidden."""
    for declared in search_fields:
        if isinstance(declared, RelatedFields):
            related = declared.get_field(model).related_model
            if has_drafts(related) or issubclass(related, Page | CollectionMember):
                yield declared.field_name, related
            else:
                yield from _hidden_ways(related, declared.fields)


def _is_address(url: Any, name: str) -> bool:
    try:
        if name == "default":
            url = url.format(SITE_ROOT_URL="https://www.example.org")
        parts = urlsplit(url)
    except (AttributeError, LookupError, ValueError):
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query


def _messages(model: Any) -> Iterator[CheckMessage]:
    declared = {attribute: _fields(model, attribute) for attribute in LISTS}
    for attribute, fields in declared.items():
        for name, field in fields.items():
            # A field with a form of its own takes from the model what it likes, and so may one of the whole object.
            source = getattr(field.serializer, "source", None) or name
            first = source.partition(".")[0]
            if isinstance(field.serializer, RepresentedField) or first == "*" or _has(model, first):
                continue
            yield Error(
                f"{attribute} names {first!r}, which {model.__name__} does not have.",
                hint="Name a field, a property or a method without arguments.",
                obj=model,
                id="frontend_api.E001",
            )
    for name in declared["api_teaser_fields"]:
        if name not in declared["api_fields"]:
            yield Error(
                f"api_teaser_fields names {name!r}, which is missing from api_fields.",
                hint="Add it to api_fields; a detail shows all that a listing shows.",
                obj=model,
                id="frontend_api.E002",
            )


def _has(model: Any, name: str) -> bool:
    return hasattr(model, name) or name in {field.name for field in model._meta.get_fields()}


def _fields(model: Any, attribute: str) -> dict[str, APIField]:
    fields = (
        item if isinstance(item, APIField) else APIField(item)
        for item in getattr(model, attribute, ())
    )
    return {field.name: field for field in fields}
