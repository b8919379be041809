"""Finds the pictures that objects show, with functions registered by the code that turns objects into JSON."""

from collections.abc import Callable, Iterable
from typing import Any

from frontend_api.visibility.perspective import Perspective

from .pictures import Picture

Finder = Callable[[list[Any], Perspective], list[Picture]]

_finders: list[Finder] = []


def register(finder: Finder) -> Finder:
    """Register `finder` as one that `pictures_of` calls; usable as a decorator."""
    _finders.append(finder)
    return finder


def pictures_of(objects: Iterable[Any], perspective: Perspective) -> list[Picture]:
    """Return every picture that `objects` (pages, snippets or settings) show from a perspective."""
    shown = list(objects)
    return [picture for find in _finders for picture in find(shown, perspective)]
