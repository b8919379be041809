"""Collections of what is not a page, such as themes, which content apps add to the API.

An app registers one in its `api.py`::

    from frontend_api.endpoints.snippets import SnippetViewSet, register

    register("themes", ThemesViewSet)

This adds the endpoints `/api/v2/themes/` and `/api/v2/themes/{id}/`. They show those that a visible page names: an
object of which only drafts and private pages tell must not be told of.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin
from wagtail.api.conf import get_model_field
from wagtail.search import index

from frontend_api.introspection import Page, page_types
from frontend_api.serialization.declarations import declared
from frontend_api.serialization.fields import Chosen
from frontend_api.serialization.nested import Level
from frontend_api.serialization.objects import check, represent

from . import page_filters, parameters, ranges
from .base import DETAIL_PARAMETERS, ApiView
from .bounds import LARGEST
from .collections import snippets, take
from .listing import LISTING_PARAMETERS, ListingMixin
from .ordering import order
from .search import searched


class SnippetViewSet(ListingMixin, ViewSetMixin, ApiView):
    """A collection of one model that is no page type: `{name}/` lists it, `{name}/{id}/` shows one.

    A subclass names its model, and the order that it comes in::

        class ThemesViewSet(SnippetViewSet):
            model = Theme
            default_order = ("name",)

    It is filtered and ordered by every plain field in the model's `api_fields`, and searched if the model is indexed
    with its ids, as by `index.FilterField("id")`.
    """

    model: ClassVar[type[Any]]
    default_order: ClassVar[Sequence[str]] = ("id",)

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists."""
        return frozenset({"order"})

    def allowed_parameters(self) -> Iterable[str]:
        """Return the names of the parameters that the listing takes."""
        taken = {*LISTING_PARAMETERS, *self.filter_names(), *self.ranges()}
        return taken if _is_searched(self.model) else taken - SEARCH_PARAMETERS

    @classmethod
    def filter_names(cls) -> set[str]:
        """Return the names of the columns that one can filter by."""
        return {"id", *page_filters.columns_among(cls.model, declared(cls.model, "api_fields"))}

    @classmethod
    def ranges(cls) -> dict[str, str]:
        """Return the parameters of ranges, and the field that each is about."""
        return ranges.names(cls.model, cls.filter_names())

    @classmethod
    def orders(cls) -> set[str]:
        """Return the names of the fields that the listing can be ordered by."""
        return {
            name for name in cls.filter_names() if not get_model_field(cls.model, name).is_relation
        }

    def queryset(self) -> QuerySet[Any]:
        """Return the visible objects that a visible page names in what it shows."""
        named = Q(pk__in=())
        model: Any = self.model
        for holder, path in names_of(model):
            named |= Q(pk__in=self.perspective.pages(holder).order_by().values(path))
        return self.perspective.objects(self.model).filter(named)

    def list(self, request: Request) -> Response:
        """List the collection."""
        query = request.GET
        parameters.check(query, self.allowed_parameters())
        queryset = self.queryset()
        for name in self.filter_names() & query.keys():
            queryset = page_filters.having(queryset, name, str(query[name]), self.perspective)
        queryset = ranges.within(queryset, query, self.ranges())
        found = searched(order(queryset, query, self.orders(), self.default_order), query)
        check(self.model, self.selection, Level.TEASER)
        return self.respond(
            self.listing(
                found,
                lambda items: [
                    represent(item, self.perspective, self.selection, Level.TEASER)
                    for item in items
                ],
            )
        )

    def retrieve(self, request: Request, pk: int) -> Response:
        """Show one object with all its fields; raises `NotFound` if it is not visible, or no visible page names it."""
        parameters.check(request.GET, DETAIL_PARAMETERS)
        matching = self.queryset().filter(pk=pk) if pk <= LARGEST else ()
        found = next(iter(self.perspective.listed(matching)), None)
        if found is None:
            raise NotFound(f"There is no such {self.model._meta.verbose_name}.")
        return self.respond(represent(found, self.perspective, self.selection))


SEARCH_PARAMETERS = {"search", "search_operator"}


def _is_searched(model: Any) -> bool:
    """Return whether a search can be limited to some objects of `model`: its index has their ids."""
    return issubclass(model, index.Indexed) and model._meta.pk.name in {
        field.field_name for field in model.get_filterable_search_fields()
    }


@cache
def names_of(model: Any) -> tuple[tuple[type[Page], str], ...]:
    """Return every page type whose `api_fields` name objects of `model`, each with the path to these."""
    return tuple(
        (holder, path)
        for holder in page_types()
        for path, target in _paths(holder)
        if target is not None and target._meta.concrete_model is model._meta.concrete_model
    )


def _paths(holder: type[Page]) -> Iterator[tuple[str, Any]]:
    for name, field in declared(holder, "api_fields").items():
        if isinstance(field.serializer, Chosen) or field.serializer is None:
            try:
                if get_model_field(holder, name).is_relation:
                    yield page_filters.path_to(holder, name)
            except FieldDoesNotExist:
                # A property or a method.
                continue


def register(name: str, viewset: type[SnippetViewSet]) -> None:
    """Serve `viewset` at `/api/v2/{name}/`; raises `ImproperlyConfigured` if something else answers there."""
    take(name, viewset)
    snippets[name] = viewset
