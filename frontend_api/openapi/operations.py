"""Describes each endpoint as an OpenAPI operation: its parameters, response and errors."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import Model
from django.urls import reverse
from drf_spectacular.openapi import AutoSchema

from frontend_api.endpoints import page_filters, preview, site, site_search
from frontend_api.endpoints.base import DETAIL_PARAMETERS
from frontend_api.endpoints.changes import ChangesView
from frontend_api.endpoints.collections import CollectionViewSet
from frontend_api.endpoints.discovery.base import DiscoveryView
from frontend_api.endpoints.listing import LISTING_PARAMETERS
from frontend_api.endpoints.markdown_renderer import MEDIA_TYPE as MARKDOWN
from frontend_api.endpoints.media import ImagesViewSet, LibraryViewSet
from frontend_api.endpoints.pages import FIND_PARAMETERS, PagesViewSet
from frontend_api.endpoints.redirects import RedirectsViewSet
from frontend_api.endpoints.snippets import SnippetViewSet
from frontend_api.introspection import Page
from frontend_api.previews import credentials
from frontend_api.serialization.json_schema import (
    STRING,
    Schema,
    constant,
)
from frontend_api.serialization.nested import Level

from . import (
    caching,
    changes,
    discovery,
    found,
    listings,
    meta_schema,
    objects,
    parameters,
    problems,
    ranges,
    redirects,
)
from . import site as site_description
from .components import Components, name_of
from .operation import Operation, first_line
from .own_view import OwnView


class ApiSchema(AutoSchema):
    """Describes the API's own views, which have no serialiser classes for drf-spectacular to read."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema:
        """Return the OpenAPI operation of one path."""
        components = objects.components(registry)
        operation = _described(self.view, components)
        in_path = [parameters.in_path(name) for name in re.findall(r"{(\w+)}", path)]
        forms = {operation.content_type: operation.response}
        if operation.is_text_too:
            forms[MARKDOWN] = discovery.TEXT
        responses: dict[str, Schema] = {
            "200": {
                "description": operation.summary,
                "content": {form: {"schema": schema} for form, schema in forms.items()},
            },
            **(caching.not_modified() if _is_cached(self.view) else {}),
            **problems.responses([*operation.errors, *problems.EVERYWHERE], components),
        }
        for status, response in responses.items():
            headers = dict(credentials.HEADERS) if operation.is_about_draft else {}
            if status in operation.kept and _is_cached(self.view):
                response["headers"] = caching.headers()
            if status == str(int(HTTPStatus.UNAUTHORIZED)):
                headers = {**credentials.HEADERS, "WWW-Authenticate": "Bearer"}
            if headers:
                response["headers"] = response.get("headers", {}) | {
                    name: {
                        "description": f"Always `{value}`.",
                        "required": True,
                        "schema": constant(value),
                    }
                    for name, value in headers.items()
                }
        # Wherever the API is mounted.
        place = path.removeprefix(reverse("frontend_api:root"))
        action = getattr(self.view, "action", None) or "show"
        tag = re.split(r"[/.-]", place)[0]
        # What has an ending in its name is one of several alike.
        name = re.sub(r"\W+", "_", place).replace("_number_", "_part_") if "." in place else tag
        return {
            "operationId": f"{name}_{'show' if action == 'retrieve' else action}",
            "summary": operation.summary,
            "description": operation.description,
            "tags": [tag],
            "parameters": [
                *in_path,
                *operation.parameters,
                *(caching.PARAMETERS if _is_cached(self.view) else ()),
            ],
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


def _collection(view: Any, components: Components) -> Operation:
    model: type[Model] = view.model
    if view.action == "list":
        own = {
            **ranges.of_model(model, view.ranges()),
            "order": parameters.order(view.orders()),
            "facets": parameters.facets(view.facets),
            **parameters.filters(view.filterset_class),
        }
        return Operation(
            summary=f"{first_line(type(view))}",
            description="Those that match every filter, as teasers; `fields` shows more or less of each, and "
            "`view=detail` all.",
            response=listings.listing(
                f"{name_of(model)}Listing",
                listings.items(model, components),
                components,
                listings.facets(view, components),
            ),
            parameters=parameters.described(view.allowed_parameters(), own),
        )
    return Operation(
        summary="One of them, with all its fields.",
        description="By its id; a page of another type, or one that is not public, is not found.",
        response=components.of(model, Level.DETAIL),
        parameters=parameters.described(DETAIL_PARAMETERS),
        is_text_too=True,
    )


def _snippets(view: Any, components: Components) -> Operation:
    model: type[Model] = view.model
    if view.action == "list":
        own = {
            **parameters.columns_of_media(view),
            **ranges.of_model(model, view.ranges()),
            "order": parameters.order(view.orders()),
        }
        return Operation(
            summary=f"{first_line(type(view))}",
            description="Those that a public page of the site names, filtered by the exact values of their fields.",
            response=listings.listing(
                f"{name_of(model)}Listing", components.of(model, Level.TEASER), components
            ),
            parameters=parameters.described(view.allowed_parameters(), own),
        )
    return Operation(
        summary="One of them, with all its fields.",
        description="By its id; one that no public page of the site names is not found.",
        response=components.of(model, Level.DETAIL),
        parameters=parameters.described(DETAIL_PARAMETERS),
    )


def _pages(view: Any, components: Components) -> Operation:
    if view.action == "list":
        columns = {**ranges.of_pages(), **parameters.columns_of_pages()}
        own = {
            **columns,
            "order": parameters.order(parameters.orders_of_pages()),
            "type": parameters.page_types(),
        }
        names = {*LISTING_PARAMETERS, "view", *page_filters.TREE_PARAMETERS, *columns}
        return Operation(
            summary="Every public page of a site.",
            description="Of all types, in the order in which editors have sorted them; with one `type`, its fields are "
            "filters and orders, too.",
            response=listings.listing("PageListing", listings.items(Page, components), components),
            parameters=parameters.described(names, own),
        )
    if view.action == "find":
        return Operation(
            summary="The page at a path.",
            description="Named by `html_path` or by `id`, and shown at once, without a redirect. Where the path has no "
            "page, the problem says where it leads, or that it has ended for good.",
            response=components.of(Page, Level.DETAIL),
            parameters=parameters.described(FIND_PARAMETERS),
            errors=(
                HTTPStatus.BAD_REQUEST,
                HTTPStatus.NOT_FOUND,
                HTTPStatus.GONE,
                HTTPStatus.NOT_ACCEPTABLE,
            ),
            is_of_path=True,
            is_text_too=True,
        )
    return Operation(
        summary="One page, with all its fields.",
        description="By its id, in the form of its type.",
        response=components.of(Page, Level.DETAIL),
        parameters=parameters.described(DETAIL_PARAMETERS),
        is_text_too=True,
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
            response=listings.listing(f"{kind}Listing", item, components),
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


def _preview(view: Any, components: Components) -> Operation:
    return Operation(
        summary="A draft, in exactly the form of a published page.",
        description="For whoever has its token, in the header `Authorization` or as the preview's address has it.",
        response=components.of(Page, Level.DETAIL),
        parameters=parameters.described(
            preview.PARAMETERS, {"content_type": parameters.previewed_types()}
        ),
        is_about_draft=True,
        is_text_too=True,
    )


def _schema(view: Any, components: Components) -> Operation:
    return Operation(
        summary="This document.",
        description="Made from the models and settings of this very site.",
        response=meta_schema.of_document(components),
        errors=(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_ACCEPTABLE),
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
    (site_search.SearchViewSet, found.search),
    (site_search.AutocompleteViewSet, found.autocomplete),
    (PagesViewSet, _pages),
    (CollectionViewSet, _collection),
    (LibraryViewSet, _library),
    (SnippetViewSet, _snippets),
    (RedirectsViewSet, redirects.operation),
    (ChangesView, changes.operation),
    (site.SiteView, site_description.operation),
    (preview.PreviewView, _preview),
    (DiscoveryView, discovery.operation),
)
# Those that show the description itself, and so load this module when they are first asked.
_OWN_VIEWS: dict[str, Callable[[Any, Components], Operation]] = {"schema": _schema, "docs": _docs}
