"""The response cache as a middleware, for a project that cannot wrap its WSGI application.

It must come first in `MIDDLEWARE`. Behind `wsgi.ResponseCache` it does nothing. Under ASGI, Django runs it in a thread.
"""

import copy
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from frontend_api.caching.responses.answers import Answer
from frontend_api.caching.responses.cache_key import Environ
from frontend_api.caching.responses.serving import Rendered
from frontend_api.dependencies.tracker import ENVIRON

from .responses import cache_key, serving, too_long
from .wsgi import SEEN


class ResponseCacheMiddleware:
    """Answers public reads before any other middleware runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response from the cache or from `get_response`."""
        refused = too_long.refusal(request.META)
        if refused is not None:
            return _as_django_has_it(refused)
        if SEEN in request.META or not cache_key.is_read(request.META):
            return self.get_response(request)
        request.META[SEEN] = True
        rendered: list[HttpResponse] = []

        def render(environ: Environ) -> Rendered:
            response = self.get_response(_with(request, environ))
            rendered.append(response)
            return Rendered(
                status=f"{response.status_code} {response.reason_phrase}",
                headers=list(response.items()),
                chunks=response,
                dependencies=environ.get(ENVIRON),
                # Closing it ends the request for Django; the handler closes the response that it gets.
                close=_nothing,
            )

        environ = {**request.META, "wsgi.url_scheme": request.scheme}
        answer = serving.answer(environ, render)
        if answer is None:
            response = self.get_response(request)
            response.setdefault("Cache-Control", "no-store")
            return response
        if not (rendered and answer.chunks is rendered[0]):
            return _as_django_has_it(answer)
        for name, value in answer.headers:
            rendered[0][name] = value
        return rendered[0]


def _as_django_has_it(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.chunks, status=int(answer.status.split()[0]))
    del response["Content-Type"]
    for name, value in answer.headers:
        response[name] = value
    return response


def _nothing() -> None:
    pass


def _with(request: HttpRequest, environ: Environ) -> HttpRequest:
    """Return a copy of `request` with another environment, without the values cached from the old one."""
    other = copy.copy(request)
    other.META = environ
    other.method = environ["REQUEST_METHOD"]
    for name in ("headers", "COOKIES"):
        vars(other).pop(name, None)
    if hasattr(other, "environ"):
        other.environ = environ
    return other
