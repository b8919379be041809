"""The base of what a frontend passes on as it is: texts that are public, in one form each."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from frontend_api.endpoints import parameters
from frontend_api.endpoints.base import ApiView
from frontend_api.endpoints.locale_parameter import locale_named
from frontend_api.endpoints.site_parameter import site_named
from frontend_api.visibility.perspective import Perspective


class DiscoveryView(ApiView):
    """A text that is made of what is public, whoever asks, in one form, whatever they say they accept.

    A credential is checked as everywhere, and shows nothing more here: what a website says of itself to machines is
    never a draft.
    """

    content_type: ClassVar[str]
    parameters: ClassVar[frozenset[str]] = frozenset({"locale", "site"})

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Ignore the `Accept` header: the text has one form, and errors are always JSON."""
        return JSONRenderer(), JSONRenderer.media_type

    @cached_property
    def perspective(self) -> Perspective:
        """What the public sees of the site that the request names."""
        context = {"request": self.request, "view": self}
        return Perspective(site_named(self.request.GET.get("site")), context=context)

    @property
    def locale(self) -> str | None:
        """The code of the language that the request names, or None for all."""
        locale = locale_named(self.request.GET)
        return None if locale is None else str(locale.language_code)

    def get(self, request: Request, **place: Any) -> HttpResponse:
        """Return the text."""
        parameters.check(request.GET, self.parameters)
        content = b"".join(part.encode() for part in self.written())
        return HttpResponse(content, content_type=self.content_type)

    def written(self) -> Iterable[str]:
        """Return the text in parts."""
        raise NotImplementedError
