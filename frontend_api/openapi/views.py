"""`schema/` serves the OpenAPI document, and `docs/` a page to read it."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from frontend_api.endpoints import parameters

from .own_view import OwnView


class SchemaView(OwnView):
    """The API's description, OpenAPI 3.1."""

    shows = "schema"

    def get(self, request: Request) -> HttpResponse:
        """Return the document as JSON."""
        # Imported on the first request: at start-up it would hold up every process, and few ever need it.
        from .document import as_json

        parameters.check(request.GET, ())
        return HttpResponse(as_json(), content_type="application/json")


class DocsView(OwnView):
    """A page to read the description, with its assets served from here."""

    shows = "docs"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Ignore the `Accept` header, as browsers send their own: the page is always HTML, errors are always JSON."""
        return JSONRenderer(), JSONRenderer.media_type

    def get(self, request: Request) -> HttpResponse:
        """Return the page as HTML."""
        parameters.check(request.GET, ())
        return TemplateResponse(request._request, "frontend_api/docs.html")
