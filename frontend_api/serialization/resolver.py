"""Turns the deferred and nested parts of a representation into JSON, until none are left."""

from typing import Any

from wagtail.models import Page

from frontend_api.visibility.perspective import Perspective

from .deferred import Loaded, build
from .nested import Nested
from .objects import represent


def resolve(representation: Any, perspective: Perspective) -> tuple[Any, Loaded]:
    """Return `representation` as JSON, and everything that was fetched for it, by loader and then by key."""

    def nest(nested: Nested) -> dict[str, Any]:
        found, selection, level = nested.found, nested.selection, nested.level
        # A place may hold pages of several types; skip the fields that only other types have.
        is_page = isinstance(found, Page)
        return represent(found, perspective, selection, level, ignore_unknown=is_page)

    return build(representation, perspective, nest)
