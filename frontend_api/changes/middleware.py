"""A request that may change something is one transaction, so that its changes are logged with it or not at all."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from .recording import recording

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class RecordChanges:
    """Wraps the view of each unsafe request, as Django's `ATOMIC_REQUESTS` would; it stands last in `MIDDLEWARE`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer an unsafe request in a transaction; an error in the view rolls all of it back."""
        match = request.resolver_match
        # The API only reads, whatever it is asked.
        if request.method in SAFE or (match is not None and "frontend_api" in match.app_names):
            return None
        with recording():
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and callable(response.render):
                # A template may still read what the request is about to commit.
                response = response.render()
        return response
