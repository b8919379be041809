"""Schemas of query parameters: those that endpoints share, those of the page tree, and filters."""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from django import forms
from django.db import models
from taggit.managers import TaggableManager
from wagtail.api.conf import get_model_field
from wagtail_headless_preview.models import HeadlessPreviewMixin

from frontend_api import conf
from frontend_api.endpoints import page_filters, parameters
from frontend_api.endpoints.filters import SlugsField
from frontend_api.endpoints.media import LibraryViewSet
from frontend_api.endpoints.snippets import SnippetViewSet
from frontend_api.introspection import Page, site_content
from frontend_api.introspection import page_types as all_page_types
from frontend_api.serialization.json_schema import (
    BOOLEAN,
    DATE,
    DATE_TIME,
    NUMBER,
    UUID,
    Schema,
    Untyped,
)

from .fields import of_column
from .shared_parameters import SHARED, SLUGS, TAGS, TEXT, WHOLE_NUMBER, several


def described(
    names: Iterable[str],
    own: Mapping[str, tuple[Schema, str]] | None = None,
    required: Container[str] = (),
) -> list[Schema]:
    """Return the parameters with these names, in alphabetical order; `own` describes those of one endpoint only."""
    known = {**SHARED, **_by_settings(), **(own or {})}
    described_ones = [_parameter(name, *known[name]) for name in sorted(names)]
    return [{**one, "required": True} if one["name"] in required else one for one in described_ones]


def _by_settings() -> dict[str, tuple[Schema, str]]:
    """Return the parameters that the project's settings have a say in."""
    limit = {**WHOLE_NUMBER, "default": parameters.default_limit()}
    if conf.limit_max() is not None:
        limit["maximum"] = conf.limit_max()
    formats = [*conf.RICH_TEXT_FORMATS]
    return {
        "limit": (limit, "How many items to give."),
        "rich_text_format": (
            {"type": "string", "enum": formats, "default": conf.rich_text_format()},
            "How rich text is written; links and images in it are the same in both.",
        ),
    }


def in_path(name: str) -> Schema:
    """Return a parameter in a path, which is a number: `id`, or the `number` of a part."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    }


def _parameter(name: str, schema: Schema, description: str) -> Schema:
    parameter: Schema = {"name": name, "in": "query", "schema": schema}
    if description:
        parameter["description"] = description
    if schema.get("type") == "array":
        # One parameter holds several values, separated by commas.
        parameter |= {"style": "form", "explode": False}
    return parameter


def order(names: Iterable[str]) -> tuple[Schema, str]:
    """Return the schema and description of `order` for fields with these names."""
    values = [value for name in sorted(names) for value in (name, f"-{name}")]
    schema = several({"type": "string", "enum": [*values, "random"]})
    return schema, "Fields to order by, each reversible with `-`; `random` stands alone."


def page_types() -> tuple[Schema, str]:
    """Return the schema and description of `type`."""
    names = sorted(model._meta.label for model in all_page_types())
    schema = several({"type": "string", "enum": names})
    return schema, "Page types, any of which it is."


def previewed_types() -> tuple[Schema, str]:
    """Return the schema and description of `content_type`, whose values Wagtail writes in lower case."""
    names = sorted(
        model._meta.label_lower
        for model in (*all_page_types(), *site_content())
        if issubclass(model, HeadlessPreviewMixin)
    )
    return {"type": "string", "enum": names}, "The type that the preview's address has."


def columns_of_pages() -> dict[str, tuple[Schema, str]]:
    """Return the filters of `pages/` by field values: those of every page, and those of some page types only."""
    shared = page_filters.filter_names(Page)
    holders: dict[str, list[type[Page]]] = {name: [Page] for name in shared}
    for model in sorted(all_page_types(), key=lambda model: model._meta.label):
        for name in page_filters.filter_names(model) - shared:
            holders.setdefault(name, []).append(model)
    return {name: _column(name, models_) for name, models_ in holders.items()}


def columns_of_media(view: LibraryViewSet | SnippetViewSet) -> dict[str, tuple[Schema, str]]:
    """Return the filters of a media library, or of a collection of snippets, by the values of columns."""
    about = {"collection": "The id of its collection."}
    return {
        name: (_of_column_value(view.model, name), about.get(name, "The exact value."))
        for name in view.filter_names()
    }


def orders_of_pages() -> set[str]:
    """Return the names of the fields by which `pages/` can be ordered, some of them with one `type` only."""
    return {"path"}.union(*(page_filters.order_names(model) for model in all_page_types()))


def _column(name: str, holders: list[type[Page]]) -> tuple[Schema, str]:
    schemas: list[Schema] = []
    for model in holders:
        schema = _of_column_value(model, name)
        if schema not in schemas:
            schemas.append(schema)
    about = (
        "Tags, all of which it has." if schemas[0].get("type") == "array" else "The exact value."
    )
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}, f"{about}{where(holders)}"


def _of_column_value(model: Any, name: str) -> Schema:
    field = get_model_field(model, name)
    if isinstance(field, TaggableManager):
        return TAGS
    if field.one_to_many or field.many_to_many:
        field = page_filters.path_to(model, name)[1]._meta.pk
    target = page_filters.column_of(field)
    if isinstance(target, models.IntegerField):
        return WHOLE_NUMBER
    if isinstance(target, models.CharField | models.TextField):
        return TEXT
    schema = {name: part for name, part in of_column(target).items() if name != "enum"}
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": next(kind for kind in kinds if kind != "null")}


def facets(names: Iterable[str]) -> tuple[Schema, str]:
    """Return the schema and description of `facets` for facets with these names."""
    schema = several({"type": "string", "enum": sorted(names)})
    return schema, (
        "What to count the pages by, in `meta.facets`. Each is counted within all filters but its own, whose values "
        "it has."
    )


def where(holders: list[Any]) -> str:
    """Return a sentence that says which types a parameter goes with; none for one that goes with all."""
    types = [model for model in holders if issubclass(model, Page) and model is not Page]
    labels = " or ".join(f"`{model._meta.label}`" for model in types)
    return f" Only where `type` is {labels} alone." if types else ""


def filters(filterset_class: Any) -> dict[str, tuple[Schema, str]]:
    """Return the parameters of a filter set, including the filters that other apps added to it."""
    return {
        name: (_of_filter(name, one), str(one.extra.get("help_text", "")))
        for name, one in filterset_class.base_filters.items()
    }


def _of_filter(name: str, one: Any) -> Schema:
    try:
        return of_filter(name, one)
    except Untyped:
        # A check warns of it; whatever it takes, it is a text in an address.
        return TEXT


def of_filter(name: str, one: Any) -> Schema:
    """Return the schema of the value that a filter takes, from its form field; raises `Untyped` if that gives none."""
    if hasattr(one, "json_schema"):
        own: Schema = one.json_schema()
        return own
    field = one.field
    for kind, describe in _FORM_FIELDS:
        if isinstance(field, kind):
            return describe(field)
    raise Untyped(f"filter {name!r}: a {type(field).__name__} has no type of its own")


def _choices(field: Any) -> Schema:
    values = [str(value) for value, _ in field.choices if value not in {"", None}]
    return {"type": "string", "enum": values}


def _limited(schema: Schema) -> Callable[[Any], Schema]:
    def describe(field: Any) -> Schema:
        limits = {"minimum": field.min_value, "maximum": field.max_value}
        return {**schema, **{name: limit for name, limit in limits.items() if limit is not None}}

    return describe


def _text(field: Any) -> Schema:
    return TEXT if field.max_length is None else {**TEXT, "maxLength": field.max_length}


# The first match counts, so a subclass comes before its base class.
_FORM_FIELDS: tuple[tuple[type[forms.Field], Callable[[Any], Schema]], ...] = (
    (SlugsField, lambda field: SLUGS),
    (forms.MultipleChoiceField, lambda field: several(_choices(field))),
    (forms.NullBooleanField, lambda field: BOOLEAN),
    (forms.ChoiceField, _choices),
    (forms.FloatField, _limited(NUMBER)),
    (forms.DecimalField, _limited(NUMBER)),
    (forms.IntegerField, _limited({"type": "integer"})),
    (forms.DateField, lambda field: DATE),
    (forms.DateTimeField, lambda field: DATE_TIME),
    (forms.UUIDField, lambda field: UUID),
    (forms.BooleanField, lambda field: BOOLEAN),
    (forms.CharField, _text),
)
