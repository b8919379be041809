"""`pages/`: every public page, and the page at a path."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from frontend_api import conf
from frontend_api.errors import Gone, Moved, NotThere, bad_parameter
from frontend_api.introspection import Page
from frontend_api.redirects.following import ENDED, end_of
from frontend_api.redirects.paths import Asked
from frontend_api.serialization.nested import Level
from frontend_api.serialization.objects import check, represent
from frontend_api.visibility.paths import page_at

from . import page_filters, parameters
from .base import DETAIL_PARAMETERS
from .collections import CollectionViewSet
from .html_path import asked
from .listing import LISTING_PARAMETERS

FIND_PARAMETERS = DETAIL_PARAMETERS | {"html_path", "id"}


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
            *page_filters.TREE_PARAMETERS,
            *page_filters.filter_names(self.queried_model),
        }

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists: `order`, `type`, and tags."""
        return page_filters.list_names()

    def hint(self, name: str) -> str | None:
        """Return what to say of a filter that goes with another `type`."""
        return page_filters.with_type(name)

    @property
    def order_fields(self) -> Iterable[str]:  # type: ignore[override]
        """The fields that the listing can be ordered by."""
        return {*page_filters.order_names(self.queried_model), "path"}

    def filtered(self) -> QuerySet[Any]:
        """Return the visible pages that match the request's filters, unordered."""
        queryset: Any = self.perspective.pages(self.queried_model)
        if len(self.models) > 1:
            queryset = queryset.type(*self.models)
        return page_filters.filter_pages(queryset, self.request.GET, self.perspective)

    def represent_items(self, items: Sequence[Page]) -> Sequence[dict[str, Any]]:
        """Return the teasers of `items`, each in its specific type."""
        selection = self.selection
        for model in self.models or (Page,):
            check(model, selection, Level.TEASER)
        specific = {
            page.pk: page for page in self.perspective.specific_pages([item.pk for item in items])
        }
        return [
            represent(
                specific[item.pk], self.perspective, selection, Level.TEASER, ignore_unknown=True
            )
            for item in items
            # A page may have been unpublished since it was listed.
            if item.pk in specific
        ]

    def find(self, request: Request) -> Response:
        """Show the page with a frontend path, or an id, without a redirect.

        Raises `NotFound` if there is none, `Moved` if its path leads elsewhere, and `Gone` if it has ended for good.
        """
        parameters.check(request.GET, FIND_PARAMETERS)
        if not {"html_path", "id"} & set(request.GET):
            raise NotThere(
                {"html_path": "Name the page by html_path, its path on the frontend, or by id."}
            )
        if {"html_path", "id"} <= set(request.GET):
            raise bad_parameter("id", "The page is named by html_path; leave out id.")
        if "id" in request.GET:
            number = parameters.whole_number("id", request.GET["id"])
            page = next(iter(self.perspective.specific_pages([number])), None)
        else:
            page = self._page_at(asked(request.GET["html_path"]))
        return self.show(page)

    def _page_at(self, asked: Asked) -> Page | None:
        if not asked.is_doubled or conf.path_rule("SLASHES") == conf.SAME:
            page = page_at(self.perspective, asked.path)
            if page is not None:
                return page
        self.perspective.dependencies.knows_absence = True
        end = end_of(self.perspective, asked)
        if end is ENDED:
            raise Gone
        if end is not None:
            raise Moved(end.redirect)
        return None
