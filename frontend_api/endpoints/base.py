"""The base class of all endpoints."""

from functools import cached_property
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, ClassVar

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers
from rest_framework.metadata import SimpleMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from frontend_api.changes import surrogate_keys
from frontend_api.dependencies.tracker import ENVIRON, Dependencies
from frontend_api.errors import LONGEST_QUERY, BadCredential, QueryTooLong, bad_parameter
from frontend_api.images.tasks import enqueue_missing
from frontend_api.previews import credentials
from frontend_api.previews.credentials import Credential
from frontend_api.serialization.pictures import asked_for, pictures_in
from frontend_api.serialization.resolver import resolve
from frontend_api.serialization.selection import Selection
from frontend_api.visibility.perspective import Perspective

from . import fields_parameter, parameters
from .draft_state import add_edit_addresses
from .markdown_renderer import MarkdownRenderer, write_for_reading_elsewhere
from .problems import exception_handler, keep_not_found
from .site_parameter import site_named
from .statement_timeout import limited

_AS_JSON = (JSONRenderer(), JSONRenderer.media_type)
DETAIL_PARAMETERS = frozenset({"fields", "rich_text_format", "site"})


class Negotiation(DefaultContentNegotiation):
    """Django REST framework's own, for which `format` is a parameter like any other, with the weights that it ignores.

    A client that takes anything, or several forms alike, gets the first, which is JSON.
    """

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE=None)  # type: ignore[assignment]

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """Return the renderer of the form that the client likes best; raises `NotAcceptable` if it takes none."""
        best = request.get_preferred_type([renderer.media_type for renderer in renderers])
        liked = [renderer for renderer in renderers if renderer.media_type == best]
        chosen: tuple[Any, str] = super().select_renderer(
            request, liked or renderers, format_suffix
        )
        return chosen


def is_too_long(request: Any) -> bool:
    """Return whether the query string is one that is not even read; the cache in front says so of most."""
    return len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY


def _check_tag_limit(request: Request) -> None:
    """Raise `BadParameters` for a limit that is none: only the response cache, in front, does what it says."""
    limit = request.headers.get(surrogate_keys.LIMIT_HEADER)
    if limit is None:
        return
    try:
        surrogate_keys.limit_in(limit)
    except ValueError as error:
        raise bad_parameter(surrogate_keys.LIMIT_HEADER, str(error)) from None


class ApiView(APIView):
    """The base of every endpoint: read-only, with one credential and one perspective for each request."""

    # Whatever the project's `REST_FRAMEWORK` says: the API is public and reads only, so that a session or a password
    # would change nothing but the risk.
    authentication_classes = ()
    content_negotiation_class = Negotiation
    metadata_class = SimpleMetadata
    parser_classes = (JSONParser,)
    permission_classes = (AllowAny,)
    renderer_classes: tuple[type[BaseRenderer], ...] = (JSONRenderer,)
    # The API describes itself; in the description of a project's own API it would be a stranger.
    schema = None
    throttle_classes = ()
    versioning_class = None

    http_method_names = ["get", "head", "options"]
    is_cacheable: ClassVar[bool] = True
    """Whether the response cache may keep the endpoint's responses."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Handle the request, and leave the record of what the response depends on for the response cache."""
        if not is_too_long(request):
            request.GET = parameters.joined(request.GET, self.list_parameters())
        dependencies = Dependencies()
        # Which language content has, its page says, and not the browser of whoever reads it.
        with limited(), dependencies.tracking(), translation.override(settings.LANGUAGE_CODE):
            response = super().dispatch(request, *args, **kwargs)
        if response.status_code == HTTPStatus.NOT_FOUND:
            keep_not_found(request)
        if self.is_cacheable:
            dependencies.ignores_language = True
            request.META[ENVIRON] = dependencies
        return response

    def list_parameters(self) -> frozenset[str]:
        """Return the names of the parameters that hold lists, and so may be repeated."""
        return frozenset()

    def get_exception_handler(self) -> Any:
        """Return what turns exceptions into problems."""
        return exception_handler

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Reject a bad credential or header before anything else, so that every endpoint responds to it alike."""
        if is_too_long(request):
            raise QueryTooLong
        super().initial(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            self.credential  # noqa: B018
            _check_tag_limit(request)

    @cached_property
    def credential(self) -> Credential | None:
        """The credential in the request's header, which shows more than is public, or None without one."""
        token = credentials.given(self.request)
        return None if token is None else credentials.read(token)

    @cached_property
    def perspective(self) -> Perspective:
        """What this request may see: the public content of the site it names, and the drafts that its credential shows.

        Raises `BadCredential` if `site` names another site than the credential's.
        """
        perspective = self._perspective()
        perspective.rich_text_format = parameters.rich_text_format(self.request.GET)
        if isinstance(self.request.accepted_renderer, MarkdownRenderer):
            write_for_reading_elsewhere(perspective)
        perspective.context = {"request": self.request, "view": self}
        return perspective

    def _perspective(self) -> Perspective:
        name = self.request.GET.get("site")
        if self.credential is None:
            return Perspective(site_named(name))
        if name is not None and site_named(name) != self.credential.site:
            raise BadCredential
        return self.credential.perspective()

    def is_about_draft(self) -> bool:
        """Return whether the response, even an error, is for this client alone."""
        return credentials.given(self.request) is not None

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep drafts, and the errors about them, out of every cache and search engine."""
        if getattr(response, "exception", False):
            # Whatever form was asked for, an error has its own.
            request.accepted_renderer, request.accepted_media_type = _AS_JSON
        response = super().finalize_response(request, response, *args, **kwargs)
        # A cache on the way must not serve the public response to a client with a credential.
        varying = ["Authorization"]
        # A bad credential is answered alike everywhere.
        is_refused = response.status_code == HTTPStatus.UNAUTHORIZED
        if len(self.get_renderers()) > 1 and not is_refused:
            varying.append("Accept")
        patch_vary_headers(response, varying)
        if self.is_about_draft():
            for name, value in credentials.HEADERS.items():
                response[name] = value
        return response

    @property
    def selection(self) -> Selection:
        """The selection in the `fields` parameter, empty without one."""
        return (
            fields_parameter.parse(self.request.GET["fields"])
            if "fields" in self.request.GET
            else ()
        )

    def respond(self, representation: Any) -> Response:
        """Return `representation` as a response, with everything that it defers fetched and in place."""
        shown, loaded = resolve(representation, self.perspective)
        if self.perspective.draft_overlay is not None:
            # Publishing makes renditions; a draft may lack some, and its editor should see the crops that readers will.
            named = [*pictures_in(loaded), *asked_for(loaded, self.perspective)]
            enqueue_missing(named, self.perspective.site)
            add_edit_addresses(shown, self.perspective)
        return Response(shown)
