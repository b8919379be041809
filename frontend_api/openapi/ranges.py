"""Schemas of the parameters that end a range, such as `published_on_from` and `published_on_to`."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from wagtail.api.conf import get_model_field

from frontend_api.endpoints import page_filters, ranges
from frontend_api.endpoints.bounds import LARGEST
from frontend_api.introspection import Page, page_types
from frontend_api.serialization.json_schema import DATE, DATE_TIME, Schema

from .parameters import where

# A day, or a moment in UTC.
MOMENT: Schema = {"anyOf": [DATE, DATE_TIME]}


def of_model(model: Any, ranged: Mapping[str, str]) -> dict[str, tuple[Schema, str]]:
    """Return the parameters of ranges of `model`; `ranged` has the field that each is about."""
    return {name: _range(name, field, [model]) for name, field in ranged.items()}


def of_pages() -> dict[str, tuple[Schema, str]]:
    """Return the ranges of `pages/`: those of every page, and those of some page types only."""
    shared = ranges.names(Page, page_filters.filter_names(Page))
    found = of_model(Page, shared)
    holders: dict[str, list[type[Page]]] = {}
    fields: dict[str, str] = {}
    for model in sorted(page_types(), key=lambda model: model._meta.label):
        for name, field in ranges.names(model, page_filters.filter_names(model)).items():
            if name not in shared:
                holders.setdefault(name, []).append(model)
                fields[name] = field
    return found | {name: _range(name, fields[name], models_) for name, models_ in holders.items()}


def _range(name: str, field: str, holders: list[Any]) -> tuple[Schema, str]:
    schemas: list[Schema] = []
    for model in holders:
        column = get_model_field(model, field)
        schema = _of_range(column)
        if schema not in schemas:
            schemas.append(schema)
    end = "least" if name.endswith("_from") else "most"
    about = f"The {end} that `{field}` may be, which is included"
    about += "; of a date alone, the whole day in UTC." if schemas == [MOMENT] else "."
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}, f"{about}{where(holders)}"


def _of_range(column: Any) -> Schema:
    if isinstance(column, models.DateTimeField):
        return MOMENT
    if isinstance(column, models.DateField):
        return DATE
    kind = "integer" if isinstance(column, models.IntegerField) else "number"
    return {"type": kind, "minimum": -LARGEST, "maximum": LARGEST}
