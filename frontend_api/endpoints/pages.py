"""`pages/`: every public page, and the page at a path."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.response import Response

from frontend_api import conf
from frontend_api.errors import Gone, Moved, NotThere, bad_parameter
from frontend_api.introspection import Page
from frontend_api.redirects.following import ENDED, end_of
from frontend_api.redirects.paths import Asked
from frontend_api.serialization.nested import Level
from frontend_api.visibility.paths import page_at
from frontend_api.visibility.translations import page_at_in_default, translated

from . import page_filters, parameters, ranges
from .base import DETAIL_PARAMETERS
from .collections import CollectionViewSet
from .html_path import asked
from .listing import LISTING_PARAMETERS
from .locale_parameter import falls_back, locale_named

FIND_PARAMETERS = DETAIL_PARAMETERS | {"fallback", "html_path", "id", "locale"}


class PagesViewSet(CollectionViewSet):
    """`pages/`: every public page of a site, of any type."""

    model = Page
    # As editors have sorted the tree.
    default_order = ("path",)

    @cached_property
    def models(self) -> tuple[type[Page], ...]:
        """The page types that `type` names; empty for all."""
        return (
            page_filters.models_named(self.request.GET["type"])
            if "type" in self.request.GET
            else ()
        )

    @property
    def queried_model(self) -> type[Page]:
        """The model whose fields one can filter and order by: the type, if `type` names just one, or else `Page`."""
        return self.models[0] if len(self.models) == 1 else Page

    def allowed_parameters(self) -> Iterable[str]:
        """Return the names of the parameters that the listing takes, including the fields of `queried_model`."""
        return {
            *LISTING_PARAMETERS,
            "view",
            *page_filters.TREE_PARAMETERS,
            *page_filters.filter_names(self.queried_model),
            *self.ranges(),
        }

    def ranges(self) -> dict[str, str]:  # type: ignore[override]
        """Return the parameters of ranges, and the field of `queried_model` that each is about."""
        model = self.queried_model
        return ranges.names(model, page_filters.filter_names(model))

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists: `order`, `type`, and tags."""
        return page_filters.list_names()

    def hint(self, name: str) -> str | None:
        """Return what to say of a filter that goes with another `type`."""
        return page_filters.with_type(name)

    def orders(self) -> set[str]:
        """Return the fields that the listing can be ordered by."""
        return {*page_filters.order_names(self.queried_model), "path"}

    def filtered(self, query: QueryDict) -> QuerySet[Any]:
        """Return the visible pages that match the filters in `query`, unordered."""
        queryset: Any = self.perspective.pages(self.queried_model)
        if len(self.models) > 1:
            queryset = queryset.type(*self.models)
        narrowed = page_filters.filter_pages(queryset, query, self.perspective)
        return ranges.within(narrowed, query, self.ranges())

    def represented_models(self) -> Iterable[type[Page]]:
        """Return the models of which the items are."""
        return self.models or (Page,)

    def represented(self, items: Sequence[Page], level: Level) -> Sequence[Page]:
        """Return `items` in their specific types."""
        return self.as_specific(items)

    def find(self, request: Request) -> Response:
        """Show the page with a frontend path, or an id, without a redirect.

        With `locale` it is shown in that language, and with `fallback` in the site's own where there is none in it.

        Raises `NotFound` if there is none, `Moved` if its path leads elsewhere, and `Gone` if it has ended for good.
        """
        parameters.check(request.GET, FIND_PARAMETERS)
        if not {"html_path", "id"} & set(request.GET):
            raise NotThere(
                {"html_path": "Name the page by html_path, its path on the frontend, or by id."}
            )
        if {"html_path", "id"} <= set(request.GET):
            raise bad_parameter("id", "The page is named by html_path; leave out id.")
        locale, fallback = locale_named(request.GET), falls_back(request.GET)
        page = self._named(fallback)
        if page is None or locale is None:
            return self.show(page)
        in_locale = translated(self.perspective, page, locale)
        if in_locale is None and fallback:
            in_locale = translated(self.perspective, page, self.perspective.site.root_page.locale)
        return self.show(in_locale)

    def _named(self, fallback: bool) -> Page | None:
        """Return the page that `html_path` or `id` names; with `fallback`, the path may be that of another language."""
        query = self.request.GET
        if "id" in query:
            number = parameters.whole_number("id", query["id"])
            return next(iter(self.perspective.specific_pages([number])), None)
        return self._page_at(asked(query["html_path"]), fallback)

    def _page_at(self, asked: Asked, fallback: bool) -> Page | None:
        if not asked.is_doubled or conf.path_rule("SLASHES") == conf.SAME:
            page = page_at(self.perspective, asked.path)
            if page is None and fallback:
                page = page_at_in_default(self.perspective, asked.path)
            if page is not None:
                return page
        self.perspective.dependencies.knows_absence = True
        end = end_of(self.perspective, asked)
        if end is ENDED:
            raise Gone
        if end is not None:
            raise Moved(end.redirect)
        return None
