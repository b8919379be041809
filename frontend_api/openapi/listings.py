"""Schemas of listings: their items, what `meta` says of them, and what they are counted by."""

from django.db.models import Model

from frontend_api.endpoints.collections import CollectionViewSet
from frontend_api.serialization.json_schema import (
    COUNT,
    STRING,
    Schema,
    array,
    nullable,
    record,
    union,
)
from frontend_api.serialization.nested import Level

from . import objects
from .components import Components, name_of


def listing(
    name: str, items: Schema, components: Components, facets: Schema | None = None
) -> Schema:
    """Return the schema of a listing: how many there are, and those that are shown."""
    meta = {
        "total_count": COUNT,
        "next_cursor": {
            **nullable(STRING),
            "description": "The `cursor` of what follows; null at the end. Only in answers to requests with `cursor`.",
        },
        **({"facets": facets} if facets else {}),
        "draft": objects.draft_addresses(components),
    }
    own = {**record(meta), "required": ["total_count"]}
    return components.named(name, record({"meta": own, "items": array(items)}))


def facets(view: CollectionViewSet, components: Components) -> Schema | None:
    """Return the schema of `meta.facets`, in which are those that a request asks for; None if there are none."""
    if not view.facets:
        return None
    value = components.named(
        "FacetValue",
        record(
            {"value": STRING, "label": STRING, "count": COUNT},
            "A value that pages have, by which the filter with the name of the facet finds them, and how many do.",
        ),
    )
    shown = record(
        {name: array(value) for name in sorted(view.facets)}, "Only what `facets` names."
    )
    return components.named(f"{name_of(view.model)}Facets", {**shown, "required": []})


def items(model: type[Model], components: Components) -> Schema:
    """Return the schema of the pages of a listing: teasers, or with `view=detail` what `pages/{id}/` shows."""
    return union([components.of(model, Level.TEASER), components.of(model, Level.DETAIL)])
