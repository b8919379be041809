"""`redirects/`: the redirects of a site, as in Wagtail's v2 API; only where Wagtail's redirects are installed."""

from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from frontend_api.errors import NotThere
from frontend_api.redirects.leads import lead_at
from frontend_api.redirects.shown import locations, seen
from frontend_api.serialization.addresses import detail_url

from . import parameters
from .base import ApiView
from .bounds import LARGEST
from .html_path import asked
from .listing import ListingMixin
from .ordering import order

FIELDS = ("id", "old_path")
LISTING = frozenset({*FIELDS, "limit", "offset", "order", "site"})
DETAIL = frozenset({"site"})
FIND = DETAIL | {"html_path", "id"}


class RedirectsViewSet(ListingMixin, ViewSetMixin, ApiView):
    """`redirects/`: those of a site and those of all sites that lead to something readers see."""

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists."""
        return frozenset({"order"})

    def list(self, request: Request) -> Response:
        """List the redirects."""
        parameters.check(request.GET, LISTING)
        found = seen(self.perspective)
        if "id" in request.GET:
            found = found.filter(pk=parameters.whole_number("id", request.GET["id"]))
        if "old_path" in request.GET:
            found = found.filter(old_path=str(request.GET["old_path"]))
        found = order(found, request.GET, FIELDS, ("id",))
        return self.respond(self.listing(found, self._represent))

    def retrieve(self, request: Request, pk: int) -> Response:
        """Show one redirect; raises `NotFound` if it leads to nothing that readers see."""
        parameters.check(request.GET, DETAIL)
        return self._show(pk)

    def find(self, request: Request) -> Response:
        """Show the redirect from a path, or with an id, without a redirect; raises `NotFound` if there is none."""
        parameters.check(request.GET, FIND)
        if not {"html_path", "id"} & set(request.GET):
            raise NotThere({"html_path": "Name the redirect by html_path, its path, or by id."})
        if "html_path" not in request.GET:
            return self._show(parameters.whole_number("id", request.GET["id"]))
        path = asked(request.GET["html_path"])
        self.perspective.dependencies.knows_absence = True
        lead = lead_at(self.perspective.site, path.path, path.query, self.perspective.dependencies)
        return self._show(lead.key if lead is not None else None)

    def _show(self, key: Any) -> Response:
        found = seen(self.perspective, key) if key and key <= LARGEST else ()
        items = self._represent(self.perspective.listed(found))
        if not items:
            raise NotFound("There is no such redirect.")
        return self.respond(items[0])

    def _represent(self, items: Iterable[Any]) -> Sequence[dict[str, Any]]:
        return [
            {
                "id": redirect.pk,
                "old_path": redirect.old_path,
                "location": location,
                "is_permanent": redirect.is_permanent,
                "meta": {
                    "type": redirect._meta.label,
                    "detail_url": detail_url("redirect", redirect.pk),
                },
            }
            for redirect, location in locations(items, self.perspective)
        ]
