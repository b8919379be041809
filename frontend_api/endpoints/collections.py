"""Collections of pages, which content apps add to the API.

An app registers one in its `api.py`::

    from frontend_api.endpoints.collections import CollectionViewSet, register

    register("events", EventsViewSet)

This adds the endpoints `/api/v2/events/` and `/api/v2/events/{id}/`.
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from frontend_api import conf
from frontend_api.introspection import Page, page_type
from frontend_api.serialization.nested import Level
from frontend_api.serialization.objects import check, represent

from . import parameters
from .base import DETAIL_PARAMETERS, ApiView
from .draft_state import with_state
from .filters import CollectionFilterSet, is_list
from .listing import LISTING_PARAMETERS, ListingMixin
from .ordering import order
from .search import searched


class CollectionViewSet(ListingMixin, ViewSetMixin, ApiView):
    """A collection of one page type: `{name}/` lists it, `{name}/{id}/` shows one.

    A subclass names its model, its filters and the fields to order by::

        class EventsViewSet(CollectionViewSet):
            model = EventPage
            filterset_class = EventFilterSet
            order_fields = ("starts_on", "title")
            default_order = ("starts_on",)
    """

    model: ClassVar[type[Page]]
    filterset_class: ClassVar[type[CollectionFilterSet]] = CollectionFilterSet
    order_fields: ClassVar[Sequence[str]] = ("id", "title", "first_published_at")
    default_order: ClassVar[Sequence[str]] = ("id",)

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists: `order`, and filters that take several slugs."""
        filters = self.filterset_class.base_filters.items()
        return frozenset({"order", *(name for name, one in filters if is_list(one))})

    @classmethod
    def add_filter(cls, name: str, added: Any) -> None:
        """Add another app's filter, such as `insights/?programme=`, to this collection only.

        Raises `ImproperlyConfigured` if the collection already has a filter with this name.
        """
        if name in cls.filterset_class.base_filters:
            raise ImproperlyConfigured(
                f"{cls.__name__} has a filter with the name {name!r} already."
            )
        # Other collections may share the filter set, so add the filter to a subclass of it.
        own = type(f"{cls.__name__}FilterSet", (cls.filterset_class,), {name: added})
        cls.filterset_class = own

    def allowed_parameters(self) -> Iterable[str]:
        """Return the names of the parameters that the listing takes."""
        return LISTING_PARAMETERS | set(self.filterset_class.base_filters)

    def hint(self, name: str) -> str | None:
        """Return what to say of a parameter that is unknown here and known elsewhere, or None."""
        return None

    def filtered(self) -> QuerySet[Any]:
        """Return the visible pages that match the request's filters, unordered."""
        return self.filterset_class.narrow(
            self.perspective.pages(self.model), self.request.GET, self.perspective
        )

    def list(self, request: Request) -> Response:
        """List the collection."""
        parameters.check(request.GET, self.allowed_parameters(), self.hint)
        return self.respond(self.listing(self.found(), self.represent_items))

    def found(self) -> Any:
        """Return the visible pages that match the request's filters and search, in the order it asks for."""
        queryset = order(self.filtered(), self.request.GET, self.order_fields, self.default_order)
        return searched(queryset, self.request.GET)

    def represent_items(self, items: Sequence[Page]) -> Sequence[dict[str, Any]]:
        """Return the teasers of `items`."""
        selection = self.selection
        # Even an empty listing reports errors in `fields`.
        check(self.model, selection, Level.TEASER)
        return [
            represent(item, self.perspective, selection, Level.TEASER, ignore_unknown=True)
            for item in self.perspective.seen(items)
        ]

    def retrieve(self, request: Request, pk: int) -> Response:
        """Show one page with all its fields; raises `NotFound` if it is not visible."""
        parameters.check(request.GET, DETAIL_PARAMETERS)
        found = (
            self.perspective.specific_pages([pk], model=self.model)
            if pk <= parameters.LARGEST
            else []
        )
        return self.show(found[0] if found else None)

    def show(self, page: Page | None) -> Response:
        """Return the response that shows `page` with all its fields; raises `NotFound` for None."""
        if page is None:
            raise NotFound("There is no such page.")
        form = represent(page, self.perspective, self.selection)
        return self.respond(with_state(form, page, self.perspective))


# The paths of the API's own endpoints, as in `urls.py`, which no collection may take.
RESERVED = frozenset(
    {"pages", "images", "documents", "redirects", "site", "preview", "schema", "docs"}
)

collections: dict[str, type[CollectionViewSet]] = {}


def register(name: str, viewset: type[CollectionViewSet]) -> None:
    """Serve `viewset` at `/api/v2/{name}/`.

    Raises `ImproperlyConfigured` if the API itself or another viewset already uses that path, or if its model is no
    page type, such as a snippet: only pages have a place, and so a view restriction.
    """
    if not issubclass(viewset.model, Page):
        raise ImproperlyConfigured(
            f"{viewset.__name__} is of {viewset.model.__name__}, which is no page type; a collection is of pages."
        )
    if name in RESERVED:
        raise ImproperlyConfigured(
            f"The API itself answers at {name}/; register {viewset.__name__} elsewhere."
        )
    if collections.get(name, viewset) is not viewset:
        raise ImproperlyConfigured(f"{collections[name].__name__} already answers at {name}/.")
    collections[name] = viewset


def register_configured() -> None:
    """Register the page types that `FRONTEND_API["COLLECTIONS"]` names; checks name those that it cannot."""
    for name, label in conf.collections().items():
        model = page_type(label)
        if model is not None and name not in RESERVED and name not in collections:
            about = f"{model._meta.verbose_name_plural}."
            own = {"__doc__": about[:1].upper() + about[1:], "model": model}
            collections[name] = type(f"{model.__name__}ViewSet", (CollectionViewSet,), own)
