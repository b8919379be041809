"""Turns what a representation defers and nests into JSON, until nothing of either is left in it."""

from typing import Any

from wagtail.models import Page

from frontend_api.visibility.perspective import Perspective

from .deferred import Loaded, build
from .nested import Nested
from .objects import represent


def resolve(representation: Any, perspective: Perspective) -> tuple[Any, Loaded]:
    """Return `representation` as JSON, and all that was fetched for it, by loader and then by key."""

    def nest(nested: Nested) -> dict[str, Any]:
        found, selection, level = nested.found, nested.selection, nested.level
        # Pages of several types stand in one place; what only other types have is passed over.
        is_page = isinstance(found, Page)
        return represent(found, perspective, selection, level, ignore_unknown=is_page)

    return build(representation, perspective, nest)
