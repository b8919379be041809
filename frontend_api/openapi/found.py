"""Schemas of what `search/` and `autocomplete/` find."""

from frontend_api import conf
from frontend_api.endpoints import site_search
from frontend_api.introspection import Page, page_types
from frontend_api.serialization.json_schema import (
    COUNT,
    STRING,
    Schema,
    array,
    discriminated,
    mapping,
    nullable,
    record,
)
from frontend_api.serialization.nested import Level

from . import objects, parameters
from .components import Components, name_of
from .media import ADDRESS

_MARKED: Schema = {
    **STRING,
    "description": "HTML in which `<mark>` is the only element; it is around what was found.",
}
_HIGHLIGHT = record(
    {"title": _MARKED, "excerpt": _MARKED},
    "What was found in a page, and the piece of its text in which most of it is.",
)


def listing(components: Components) -> Schema:
    """Return the schema of what `search/` answers."""
    counts = {
        **mapping(COUNT),
        "description": "How many pages of each type are found, whichever types are asked for.",
    }
    return components.named(
        "SearchListing",
        lambda: record(
            {
                "meta": record({"total_count": COUNT, "counts": counts}),
                "items": array(_any_page(components)),
            }
        ),
    )


def completions(components: Components) -> Schema:
    """Return the schema of what `autocomplete/` answers."""
    types = {"type": "string", "enum": sorted(model._meta.label for model in page_types())}
    shown = {"title": STRING, "html_url": ADDRESS, "type": types, "highlight": _MARKED}
    return components.named(
        "Completions", record({"items": array(components.named("Completion", record(shown)))})
    )


def limit() -> tuple[Schema, str]:
    """Return the schema and description of the `limit` of `autocomplete/`."""
    schema: Schema = {**parameters.WHOLE_NUMBER, "default": site_search.COMPLETIONS}
    if conf.limit_max() is not None:
        schema["maximum"] = conf.limit_max()
    return schema, "How many titles to give."


def _any_page(components: Components) -> Schema:
    def describe() -> Schema:
        members = {model._meta.label: _page(model, components) for model in page_types()}
        return discriminated(members, "A page of any type, as a search finds it.")

    return components.named("PageFound", describe, Page)


def _page(model: type[Page], components: Components) -> Schema:
    def describe() -> Schema:
        body, meta = objects.properties(model, Level.TEASER, components)
        highlight = nullable(components.named("Highlight", _HIGHLIGHT))
        return record(
            {**body, "meta": record(meta), "highlight": highlight},
            "A page as a listing shows it, with what was found in it.",
        )

    return components.named(f"{name_of(model)}Found", describe, model)
