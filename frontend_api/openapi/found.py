"""Describes `search/` and `autocomplete/` as OpenAPI operations, and what they find."""

from typing import Any

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
from .operation import Operation
from .shared_parameters import WHOLE_NUMBER

_MARKED: Schema = {
    **STRING,
    "description": "HTML in which `<mark>` is the only element; it is around what was found.",
}
_HIGHLIGHT = record(
    {"title": _MARKED, "excerpt": _MARKED},
    "What was found in a page, and the piece of its text in which most of it is.",
)


def search(view: Any, components: Components) -> Operation:
    """Return the operation of `search/`."""
    return Operation(
        summary="The pages of all types that have certain words.",
        description="Those first that have them in their titles, then in their summaries. Words that begin with one of "
        "them count, too; and where nothing is found, words that differ by a letter.",
        response=_listing(components),
        parameters=parameters.described(
            site_search.SEARCH_PARAMETERS, {"type": parameters.page_types()}, required={"q"}
        ),
    )


def autocomplete(view: Any, components: Components) -> Operation:
    """Return the operation of `autocomplete/`."""
    limit = {**WHOLE_NUMBER, "default": site_search.COMPLETIONS}
    if conf.limit_max() is not None:
        limit["maximum"] = conf.limit_max()
    return Operation(
        summary="Titles that complete what somebody types.",
        description="Those of pages in whose titles all words are, the last of which may not be whole yet.",
        response=_completions(components),
        parameters=parameters.described(
            site_search.AUTOCOMPLETE_PARAMETERS,
            {"type": parameters.page_types(), "limit": (limit, "How many titles to give.")},
            required={"q"},
        ),
    )


def _listing(components: Components) -> Schema:
    """Return the schema of what `search/` answers."""
    counts = {
        **mapping(COUNT),
        "description": "How many pages of each type are found, whichever types are asked for.",
    }
    always = {"total_count": COUNT, "counts": counts}
    meta = record({**always, "draft": objects.draft_addresses(components)})
    return components.named(
        "SearchListing",
        lambda: record(
            {"meta": {**meta, "required": [*always]}, "items": array(_any_page(components))}
        ),
    )


def _completions(components: Components) -> Schema:
    """Return the schema of what `autocomplete/` answers."""
    types = {"type": "string", "enum": sorted(model._meta.label for model in page_types())}
    shown = {"title": STRING, "html_url": ADDRESS, "type": types, "highlight": _MARKED}
    return components.named(
        "Completions", record({"items": array(components.named("Completion", record(shown)))})
    )


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
