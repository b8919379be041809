"""`schema/` gives the document and `docs/` a page to read it; what makes it is loaded when it is first asked for."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from frontend_api.endpoints import parameters
from frontend_api.endpoints.base import ApiView


class SchemaView(ApiView):
    """The API's description, OpenAPI 3.1."""

    def get(self, request: Request) -> HttpResponse:
        """Return the document."""
        # Nothing of the description is loaded at Django's start-up, which most processes would wait for in vain.
        from .document import as_json

        parameters.check(request.GET, ())
        return HttpResponse(as_json(), content_type="application/json")


class DocsView(ApiView):
    """A page to read the description, with its assets served from here."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Accept what a browser sends: the page is a page, and errors are as they are everywhere."""
        return JSONRenderer(), JSONRenderer.media_type

    def get(self, request: Request) -> HttpResponse:
        """Return the page."""
        parameters.check(request.GET, ())
        return TemplateResponse(request._request, "frontend_api/docs.html")
