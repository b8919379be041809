"""Describes each endpoint as an OpenAPI operation: its parameters, response and errors."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db.models import Model
from django.urls import reverse
from drf_spectacular.openapi import AutoSchema

from frontend_api.endpoints import page_filters, preview, site, site_search
from frontend_api.endpoints.base import DETAIL_PARAMETERS
from frontend_api.endpoints.collections import CollectionViewSet, collections
from frontend_api.endpoints.listing import LISTING_PARAMETERS
from frontend_api.endpoints.media import ImagesViewSet, LibraryViewSet
from frontend_api.endpoints.pages import FIND_PARAMETERS, PagesViewSet
from frontend_api.introspection import Page
from frontend_api.previews import credentials
from frontend_api.serialization.json_schema import (
    COUNT,
    STRING,
    Schema,
    array,
    constant,
    record,
)
from frontend_api.serialization.nested import Level
from frontend_api.visibility.site_settings import published_settings

from . import caching, found, media, meta_schema, objects, parameters, problems
from .components import Components, name_of
from .own_view import OwnView

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """The parameters, response and errors of one endpoint."""

    summary: str
    description: str
    """What the summary leaves out."""
    response: Schema
    parameters: list[Schema] = field(default_factory=list)
    errors: tuple[HTTPStatus, ...] = (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.NOT_ACCEPTABLE,
    )
    is_about_draft: bool = False
    content_type: str = JSON


class ApiSchema(AutoSchema):
    """Describes the API's own views, which have no serialiser classes for drf-spectacular to read."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema:
        """Return the OpenAPI operation of one path."""
        components = objects.components(registry)
        operation = _described(self.view, components)
        in_path = [parameters.path_id()] if "{id}" in path else []
        responses: dict[str, Schema] = {
            "200": {
                "description": operation.summary,
                "content": {operation.content_type: {"schema": operation.response}},
            },
            **(caching.not_modified() if _is_cached(self.view) else {}),
            **problems.responses([*operation.errors, HTTPStatus.UNAUTHORIZED], components),
        }
        for status, response in responses.items():
            headers = dict(credentials.HEADERS) if operation.is_about_draft else {}
            if status == "200" and _is_cached(self.view):
                response["headers"] = caching.headers()
            if status == str(int(HTTPStatus.UNAUTHORIZED)):
                headers = {**credentials.HEADERS, "WWW-Authenticate": "Bearer"}
            if headers:
                response["headers"] = response.get("headers", {}) | {
                    name: {"required": True, "schema": constant(value)}
                    for name, value in headers.items()
                }
        # Wherever the API is mounted.
        place = path.removeprefix(reverse("frontend_api:root")).split("/")
        action = getattr(self.view, "action", None) or "show"
        return {
            "operationId": "_".join([place[0], "show" if action == "retrieve" else action]),
            "summary": operation.summary,
            "description": operation.description,
            "tags": [place[0]],
            "parameters": [*in_path, *operation.parameters],
            "responses": responses,
            # A credential is optional: without one, the response shows what is public.
            "security": [{}, {meta_schema.CREDENTIAL: []}],
        }


def _is_cached(view: Any) -> bool:
    return bool(view.is_cacheable) and not isinstance(view, OwnView)


def _described(view: Any, components: Components) -> Operation:
    for kind, describe in _VIEWS:
        if isinstance(view, kind):
            return describe(view, components)
    if isinstance(view, OwnView):
        return _OWN_VIEWS[view.shows](view, components)
    raise TypeError(f"{type(view).__name__} is none of the API's kinds of views.")


def _first_line(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").split("\n")[0]


def _listing(name: str, items: Schema, components: Components) -> Schema:
    return components.named(
        name, record({"meta": record({"total_count": COUNT}), "items": array(items)})
    )


def _collection(view: Any, components: Components) -> Operation:
    model: type[Model] = view.model
    if view.action == "list":
        own = {
            "order": parameters.order(view.order_fields),
            **parameters.filters(view.filterset_class),
        }
        return Operation(
            summary=f"{_first_line(type(view))}",
            description="Those that match every filter, as teasers; `fields` shows more or less of each.",
            response=_listing(
                f"{name_of(model)}Listing", components.of(model, Level.TEASER), components
            ),
            parameters=parameters.described(view.allowed_parameters(), own),
        )
    return Operation(
        summary="One of them, with all its fields.",
        description="By its id; a page of another type, or one that is not public, is not found.",
        response=components.of(model, Level.DETAIL),
        parameters=parameters.described(DETAIL_PARAMETERS),
    )


def _pages(view: Any, components: Components) -> Operation:
    if view.action == "list":
        columns = parameters.columns_of_pages()
        own = {
            **columns,
            "order": parameters.order(parameters.orders_of_pages()),
            "type": parameters.page_types(),
        }
        names = {*LISTING_PARAMETERS, *page_filters.TREE_PARAMETERS, *columns}
        return Operation(
            summary="Every public page of a site.",
            description="Of all types, in the order in which editors have sorted them; with one `type`, its fields are "
            "filters and orders, too.",
            response=_listing("PageListing", components.of(Page, Level.TEASER), components),
            parameters=parameters.described(names, own),
        )
    is_find = view.action == "find"
    return Operation(
        summary="The page at a path." if is_find else "One page, with all its fields.",
        description="Named by `html_path` or by `id`, and shown at once, without a redirect."
        if is_find
        else "By its id, in the form of its type.",
        response=components.of(Page, Level.DETAIL),
        parameters=parameters.described(FIND_PARAMETERS if is_find else DETAIL_PARAMETERS),
    )


def _search(view: Any, components: Components) -> Operation:
    return Operation(
        summary="The pages of all types that have certain words.",
        description="Those first that have them in their titles, then in their summaries. Words that begin with one of "
        "them count, too; and where nothing is found, words that differ by a letter.",
        response=found.listing(components),
        parameters=parameters.described(
            site_search.SEARCH_PARAMETERS, {"type": parameters.page_types()}, required={"q"}
        ),
    )


def _autocomplete(view: Any, components: Components) -> Operation:
    return Operation(
        summary="Titles that complete what somebody types.",
        description="Those of pages in whose titles all words are, the last of which may not be whole yet.",
        response=found.completions(components),
        parameters=parameters.described(
            site_search.AUTOCOMPLETE_PARAMETERS,
            {"type": parameters.page_types(), "limit": found.limit()},
            required={"q"},
        ),
    )


def _library(view: Any, components: Components) -> Operation:
    kind = "Image" if isinstance(view, ImagesViewSet) else "Document"
    level = Level.TEASER if view.action == "list" else Level.DETAIL
    item = objects.of_medium(view.model, level, components)
    if view.action == "list":
        own = {
            **parameters.columns_of_media(view),
            "order": parameters.order(view.order_names()),
        }
        return Operation(
            summary=f"The {kind.lower()}s of public collections.",
            description="As in Wagtail's v2 API, filtered by columns, collection and tags.",
            response=_listing(f"{kind}Listing", item, components),
            parameters=parameters.described(view.allowed_parameters(), own),
        )
    return Operation(
        summary=f"One {kind.lower()}.",
        description="By its id, with what the project's model declares.",
        response=item,
        parameters=parameters.described(
            DETAIL_PARAMETERS | ({"id"} if view.action == "find" else set())
        ),
    )


def _site(view: Any, components: Components) -> Operation:
    def describe() -> Schema:
        shown = {"name": STRING, "root_url": media.ADDRESS}
        for model in published_settings():
            form, _ = objects.properties(model, Level.DETAIL, components)
            shown |= {name: schema for name, schema in form.items() if name not in {"id", "meta"}}
        return record(shown, "What every page of a site needs.")

    return Operation(
        summary="What every page of a site needs.",
        description="Its name and address, and all that its settings publish; one request for a whole website.",
        response=components.named("Site", describe),
        parameters=parameters.described(site.PARAMETERS),
    )


def _preview(view: Any, components: Components) -> Operation:
    return Operation(
        summary="A draft, in exactly the form of a published page.",
        description="For whoever has its token, in the header `Authorization` or as the preview's address has it.",
        response=components.of(Page, Level.DETAIL),
        parameters=parameters.described(
            preview.PARAMETERS, {"content_type": parameters.previewed_types()}
        ),
        is_about_draft=True,
    )


def _schema(view: Any, components: Components) -> Operation:
    return Operation(
        summary="This document.",
        description="Made from the models and settings of this very site.",
        response=meta_schema.of_document(components),
    )


def _docs(view: Any, components: Components) -> Operation:
    return Operation(
        summary="A page to read this document.",
        description="With its assets served from here; it asks no other host.",
        response=STRING,
        errors=(HTTPStatus.BAD_REQUEST,),
        content_type="text/html",
    )


# The first match counts, so a subclass comes before its base class.
_VIEWS: tuple[tuple[type[Any], Callable[[Any, Components], Operation]], ...] = (
    (site_search.SearchViewSet, _search),
    (site_search.AutocompleteViewSet, _autocomplete),
    (PagesViewSet, _pages),
    (CollectionViewSet, _collection),
    (LibraryViewSet, _library),
    (site.SiteView, _site),
    (preview.PreviewView, _preview),
)
# Those that show the description itself, and so load this module when they are first asked.
_OWN_VIEWS: dict[str, Callable[[Any, Components], Operation]] = {"schema": _schema, "docs": _docs}


_TAGS = {
    "pages": "Pages of all types.",
    "images": "The image library, public collections only.",
    "documents": "The document library, public collections only.",
    "search": "The pages of all types that have certain words.",
    "autocomplete": "Titles that complete what somebody types.",
    "site": "What every page of a website shows around its content.",
    "preview": "Drafts, for those who may see them.",
    "schema": "This description.",
    "docs": "A page to read this description.",
}


def about_tag(tag: str) -> str:
    """Return what a group of operations is about."""
    return _TAGS.get(tag) or _first_line(collections[tag])
