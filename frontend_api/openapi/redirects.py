"""Describes `redirects/` as OpenAPI operations."""

from typing import Any

from frontend_api.endpoints import redirects
from frontend_api.endpoints.bounds import longest
from frontend_api.serialization.json_schema import (
    BOOLEAN,
    COUNT,
    STRING,
    Schema,
    array,
    constant,
    record,
)

from . import media, objects, parameters
from .components import Components
from .operation import Operation
from .shared_parameters import TEXT


def operation(view: Any, components: Components) -> Operation:
    """Return the operation of the listing, of one redirect, or of the one from a path."""
    item = components.named(
        "Redirect",
        record(
            {
                "id": COUNT,
                "old_path": {**STRING, "description": "Where it leads from, such as `/old`."},
                "location": {**STRING, "description": "The full URL that it leads to."},
                "is_permanent": {**BOOLEAN, "description": "Whether it leads there for good."},
                "meta": record(
                    {"type": constant("wagtailredirects.Redirect"), "detail_url": media.ADDRESS}
                ),
            },
            "Where an old path of the frontend leads.",
        ),
    )
    if view.action == "list":
        path: Schema = {**TEXT, "maxLength": longest("old_path")}
        own = {
            "order": parameters.order(redirects.FIELDS),
            "old_path": (path, "The exact path that it leads from."),
        }
        meta = {
            **record({"total_count": COUNT, "draft": objects.draft_addresses(components)}),
            "required": ["total_count"],
        }
        return Operation(
            summary="Where old paths of the frontend lead.",
            description="As in Wagtail's v2 API: the redirects of the site and those of all sites, without those that "
            "lead to what is not public. `pages/find/` follows them.",
            response=components.named(
                "RedirectListing",
                record({"meta": meta, "items": array(item)}),
            ),
            parameters=parameters.described(redirects.LISTING, own),
        )
    is_find = view.action == "find"
    return Operation(
        summary="One redirect.",
        description="By the path that it leads from, or by its id." if is_find else "By its id.",
        response=item,
        parameters=parameters.described(redirects.FIND if is_find else redirects.DETAIL),
    )
