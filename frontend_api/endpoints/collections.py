"""The collection endpoints that content apps add to the API.

An app's `api.py` says::

    from frontend_api.registry import register

    register("events", EventsViewSet)

and `/api/v2/events/` and `/api/v2/events/{id}/` are there.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from .pages import CollectionViewSet

# The paths that the API itself answers; `urls.py` lists them.
RESERVED = frozenset({"pages", "images", "documents", "site", "preview", "schema", "docs"})

collections: dict[str, "type[CollectionViewSet]"] = {}


def register(name: str, viewset: "type[CollectionViewSet]") -> None:
    """Serve `viewset` at `/api/v2/{name}/`.

    Raises `ImproperlyConfigured` when the API itself or another app already answers there.
    """
    if name in RESERVED:
        raise ImproperlyConfigured(
            f"The API itself answers at {name}/; register {viewset.__name__} elsewhere."
        )
    if collections.get(name, viewset) is not viewset:
        raise ImproperlyConfigured(f"{collections[name].__name__} already answers at {name}/.")
    collections[name] = viewset
