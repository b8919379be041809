"""Django checks of what a project declares for search engines and feeds."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from frontend_api.endpoints.collections import collections
from frontend_api.introspection import page_types
from frontend_api.serialization.declarations import declared

from .found import COLUMNS, declared_name, seo_column


@register()
def check_declarations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return `frontend_api.E012` for each name in an `api_seo` or a `feed` that is not what it has to be."""
    return [
        Error(mistake, hint="docs/content-types.md says what they name.", id="frontend_api.E012")
        for mistake in (*_in_page_types(), *_in_feeds())
    ]


def _in_page_types() -> Iterator[str]:
    for model in page_types():
        for key in COLUMNS:
            name = declared_name(model, key)
            if name is not None and seo_column(model, key) is None:
                yield f"{model.__name__}: api_seo has {key!r}: {name!r}, which is no column of it."


def _in_feeds() -> Iterator[str]:
    for collection, viewset in sorted(collections.items()):
        known = declared(viewset.model, "api_fields")
        for part, name in vars(viewset.feed).items() if viewset.feed else ():
            # The first two have names by default, of what a page type need not have.
            if name and name not in known and part not in {"summary", "image"}:
                yield f"The feed of {collection}/ has {part}={name!r}, which is none of its api_fields."
