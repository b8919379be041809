"""Turns the deferred and nested parts of a representation into JSON, until none are left."""

from typing import Any

from frontend_api.visibility.perspective import Perspective

from .deferred import Loaded, build
from .objects import represent_nested


def resolve(representation: Any, perspective: Perspective) -> tuple[Any, Loaded]:
    """Return `representation` as JSON, and everything that was fetched for it, by loader and then by key."""
    return build(representation, perspective, lambda nested: represent_nested(nested, perspective))
