"""The response cache in front of Django: a hit is answered before Django's handler is entered.

On a hit, Django sends no signals and runs no middleware. The database connection that a hit used stays open, whatever
`CONN_MAX_AGE` says, until its thread next renders something.
"""

from collections.abc import Callable, Iterable
from typing import Any

from frontend_api.caching.responses.answers import Headers
from frontend_api.caching.responses.cache_key import Environ
from frontend_api.caching.responses.serving import Rendered
from frontend_api.dependencies.tracker import ENVIRON

from .responses import cache_key, serving, too_long

# The environment key that marks a request as having been through the cache.
SEEN = "frontend_api.response_cache"

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class ResponseCache:
    """A WSGI application that wraps Django's."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Return the body of the response from the cache or from the wrapped application."""
        refused = too_long.refusal(environ)
        if refused is not None:
            start_response(refused.status, refused.headers)
            return refused.chunks
        if SEEN in environ or not cache_key.is_read(environ):
            return self.application(environ, start_response)
        environ[SEEN] = True
        answer = serving.answer(environ, self._render)
        if answer is not None:
            start_response(answer.status, answer.headers)
            return answer.chunks

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            return start_response(status, serving.no_store(headers), *rest)

        return self.application(environ, start)

    def _render(self, environ: Environ) -> Rendered:
        started: list[Any] = []
        chunks = self.application(environ, lambda *start: started.extend(start))
        status, headers = started[:2]
        return Rendered(
            status, headers, chunks, environ.get(ENVIRON), getattr(chunks, "close", _nothing)
        )


def _nothing() -> None:
    pass
