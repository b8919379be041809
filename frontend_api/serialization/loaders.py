"""Loaders of pages and other objects by their keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from frontend_api.introspection import Page
from frontend_api.visibility.perspective import Perspective

from .deferred import EARLY, LATE, Need


@dataclass(frozen=True)
class Pages:
    """Fetches visible pages as their specific types, by id or by their place in the tree (treebeard's `path`)."""

    turn = EARLY

    def __call__(self, perspective: Perspective, keys: set[int | str]) -> Mapping[int | str, Page]:
        """Return the visible pages among `keys`, each by its id and by its path."""
        ids = [key for key in keys if isinstance(key, int)]
        paths = [key for key in keys if isinstance(key, str)]
        found = perspective.specific_pages(ids, paths)
        return {page.pk: page for page in found} | {page.path: page for page in found}


pages = Pages()


@dataclass(frozen=True)
class Objects:
    """Fetches visible objects of any model by primary key."""

    model: type[Model]

    turn = LATE

    @property
    def names_nothing(self) -> bool:
        """Whether the objects lead to no other needs: true of images and documents."""
        return issubclass(self.model, get_image_model() | get_document_model())

    def __call__(self, perspective: Perspective, keys: set[Any]) -> Mapping[Any, Model]:
        """Return the visible objects among `keys`."""
        return perspective.by_key(self.model, keys)


def need_of(model: type[Model], key: Any) -> Need:
    """Return the need for the object of `model`, a page or any other, with this primary key."""
    return (pages if issubclass(model, Page) else Objects(model)), key
