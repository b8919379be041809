"""Collections of pages, which content apps add to the API.

An app registers one in its `api.py`::

    from frontend_api.endpoints.collections import CollectionViewSet, register

    register("events", EventsViewSet)

This adds the endpoints `/api/v2/events/` and `/api/v2/events/{id}/`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from frontend_api import conf
from frontend_api.introspection import Page, page_type
from frontend_api.serialization.nested import Level
from frontend_api.serialization.objects import check, represent

from . import page_filters, parameters, ranges
from .base import DETAIL_PARAMETERS, ApiView
from .bounds import LARGEST
from .draft_state import with_state
from .facets import Counted, Facet, asked_for
from .filters import CollectionFilterSet, is_list
from .listing import LISTING_PARAMETERS, ListingMixin
from .locale_parameter import locale_named
from .markdown_renderer import PAGE_RENDERERS
from .ordering import order
from .search import searched


@dataclass(frozen=True)
class Feed:
    """The names of the `api_fields` that an entry of a feed takes its parts from; an empty name for none.

    `link` is a link, as `{"url", "external"}`; an entry without one links to its page. `published` is a date or a time;
    without one it is when the page was first published. `categories` are objects with a `name`.
    """

    summary: str = "summary"
    image: str = "image"
    categories: str = ""
    link: str = ""
    published: str = ""


class CollectionViewSet(ListingMixin, ViewSetMixin, ApiView):
    """A collection of one page type: `{name}/` lists it, `{name}/{id}/` shows one.

    A subclass names its model, its filters, what it counts by, and the fields to order by::

        class EventsViewSet(CollectionViewSet):
            model = EventPage
            filterset_class = EventFilterSet
            facets = {"year": YearFacet("starts_on")}
            order_fields = ("starts_on", "title")
            default_order = ("starts_on",)
    """

    model: ClassVar[type[Page]]
    filterset_class: ClassVar[type[CollectionFilterSet]] = CollectionFilterSet
    facets: ClassVar[Mapping[str, Facet]] = {}
    """What its pages are counted by with `facets=`, each under the name of the filter that takes its values."""
    order_fields: ClassVar[Sequence[str]] = ("id", "title", "first_published_at")
    default_order: ClassVar[Sequence[str]] = ("id",)
    feed: ClassVar[Feed | None] = None
    """What of its pages goes into the feeds `feeds/{name}.atom`, `.rss` and `.json`; without it, there are none."""
    page_actions: ClassVar[frozenset[str]] = frozenset({"retrieve", "find"})

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists: `order`, and filters that take several slugs."""
        filters = self.filterset_class.base_filters.items()
        return frozenset({"facets", "order", *(name for name, one in filters if is_list(one))})

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
        own = {*self.filterset_class.base_filters, *self.ranges()}
        shared = LISTING_PARAMETERS | {"locale", "view"}
        return shared | own | ({"facets"} if self.facets else set())

    @classmethod
    def ranges(cls) -> dict[str, str]:
        """Return the parameters of ranges, and the field that each is about; a filter of the same name comes first."""
        ranged = ranges.names(cls.model, page_filters.column_names(cls.model))
        filters = cls.filterset_class.base_filters
        return {name: field for name, field in ranged.items() if name not in filters}

    def orders(self) -> set[str]:
        """Return the fields that the listing can be ordered by: those declared, and the order of the tree."""
        return {*self.order_fields, "path"}

    def hint(self, name: str) -> str | None:
        """Return what to say of a parameter that is unknown here and known elsewhere, or None."""
        return None

    def filtered(self, query: QueryDict) -> QuerySet[Any]:
        """Return the visible pages that match the filters in `query`, unordered."""
        pages = self.perspective.pages(self.model)
        # A filter of the app's own with this name goes before.
        is_own = "locale" in self.filterset_class.base_filters
        locale = None if is_own else locale_named(query)
        if locale is not None:
            pages = pages.filter(locale=locale)
        narrowed = self.filterset_class.narrow(pages, query, self.perspective)
        return ranges.within(narrowed, query, self.ranges())

    def list(self, request: Request) -> Response:
        """List the collection."""
        parameters.check(request.GET, self.allowed_parameters(), self.hint)
        counts = self.counts()
        listing = self.listing(self.found(), self.represent_items)
        if counts is not None:
            listing["meta"]["facets"] = counts
        return self.respond(listing)

    def counts(self) -> dict[str, Any] | None:
        """Return how many of the pages have each value of the facets that `facets` names; None without it.

        Each facet counts within all filters but its own, so that a reader who has chosen a value sees what another one
        would give.
        """
        if "facets" not in self.request.GET:
            return None
        return {
            name: self.remembered(f"facet {name}", partial(self._counted, self.facets[name], name))
            for name in asked_for(self.request.GET, self.facets)
        }

    def _counted(self, facet: Facet, name: str) -> Sequence[Counted]:
        query = self.request.GET.copy()
        for own in (name, *facet.also):
            query.pop(own, None)
        with self.perspective.counting():
            return facet.counts(self.filtered(query), self.perspective)

    def countable(self, items: QuerySet[Any]) -> QuerySet[Any]:
        """Return the ids of `items` in the form in which they are counted: the same filters on fewer tables."""
        # What a search finds is counted as it is found.
        if "search" in self.request.GET or not self.perspective.counts_quickly(items.model):
            return super().countable(items)
        with self.perspective.counting():
            return super().countable(self.filtered(self.request.GET))

    def found(self) -> Any:
        """Return the visible pages that match the request's filters and search, in the order it asks for."""
        query = self.request.GET
        queryset = order(self.filtered(query), query, self.orders(), self.default_order)
        return searched(queryset, query)

    def represent_items(self, items: Sequence[Page]) -> Sequence[dict[str, Any]]:
        """Return the forms of `items` that the request asks for: teasers, or what `{name}/{id}/` shows."""
        selection, level = self.selection, parameters.view(self.request.GET)
        # Even an empty listing reports errors in `fields`.
        for model in self.represented_models():
            check(model, selection, level)
        return [self.represent_page(page, level) for page in self.represented(items, level)]

    def represent_page(self, page: Page, level: Level) -> dict[str, Any]:
        """Return the form of one of the items."""
        form = represent(page, self.perspective, self.selection, level, ignore_unknown=True)
        return with_state(form, page, self.perspective) if level is Level.DETAIL else form

    def get_renderers(self) -> Any:
        """Return what writes the response: a page is to be had as Markdown, too, and a listing is not."""
        is_page = self.action in self.page_actions
        return [renderer() for renderer in (PAGE_RENDERERS if is_page else self.renderer_classes)]

    def represented_models(self) -> Iterable[type[Page]]:
        """Return the models of which the items are."""
        return (self.model,)

    def represented(self, items: Sequence[Page], level: Level) -> Sequence[Page]:
        """Return `items` as they are seen; in full they are fetched as `{name}/{id}/` fetches one, all at once."""
        return (
            self.as_specific(items, self.model)
            if level is Level.DETAIL
            else self.perspective.seen(items)
        )

    def as_specific(self, items: Sequence[Page], model: type[Page] = Page) -> Sequence[Page]:
        """Return `items` in their specific types, without those that have been unpublished since they were listed."""
        keys = [item.pk for item in items]
        found = {page.pk: page for page in self.perspective.specific_pages(keys, model=model)}
        return [found[key] for key in keys if key in found]

    def retrieve(self, request: Request, pk: int) -> Response:
        """Show one page with all its fields; raises `NotFound` if it is not visible."""
        parameters.check(request.GET, DETAIL_PARAMETERS)
        found = self.perspective.specific_pages([pk], model=self.model) if pk <= LARGEST else []
        return self.show(found[0] if found else None)

    def show(self, page: Page | None) -> Response:
        """Return the response that shows `page` with all its fields; raises `NotFound` for None."""
        if page is None:
            raise NotFound("There is no such page.")
        form = represent(page, self.perspective, self.selection)
        return self.respond(with_state(form, page, self.perspective))


# The paths of the API's own endpoints, as in `urls.py`, which no collection may take.
RESERVED = frozenset(
    {
        *("pages", "images", "documents", "search", "autocomplete", "redirects"),
        *("changes", "site", "preview", "feeds", "schema", "docs"),
    }
)

collections: dict[str, type[CollectionViewSet]] = {}
snippets: dict[str, Any] = {}
"""The viewsets of what is not a page; see `snippets.register`."""


def register(name: str, viewset: type[CollectionViewSet]) -> None:
    """Serve `viewset` at `/api/v2/{name}/`.

    Raises `ImproperlyConfigured` if the API itself or another viewset already uses that path, or if its model is no
    page type, such as a snippet, which has no place, and so no view restriction; see `snippets.register`.
    """
    if not issubclass(viewset.model, Page):
        raise ImproperlyConfigured(
            f"{viewset.__name__} is of {viewset.model.__name__}, which is no page type; a collection is of pages."
        )
    take(name, viewset)
    collections[name] = viewset


def take(name: str, viewset: type[ApiView]) -> None:
    """Note that `viewset` answers at a path; raises `ImproperlyConfigured` if the path is taken."""
    if name in RESERVED:
        raise ImproperlyConfigured(
            f"The API itself answers at {name}/; register {viewset.__name__} elsewhere."
        )
    other = collections.get(name) or snippets.get(name) or viewset
    if other is not viewset:
        raise ImproperlyConfigured(f"{other.__name__} already answers at {name}/.")


def register_configured() -> None:
    """Register the page types that `FRONTEND_API["COLLECTIONS"]` names; checks name those that it cannot."""
    for name, label in conf.collections().items():
        model = page_type(label)
        if model is not None and name not in RESERVED | collections.keys() | snippets.keys():
            about = f"{model._meta.verbose_name_plural}."
            own = {"__doc__": about[:1].upper() + about[1:], "model": model}
            collections[name] = type(f"{model.__name__}ViewSet", (CollectionViewSet,), own)
