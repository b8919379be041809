"""The outermost WSGI application: answers probes, and observes every other request, hits of the cache among them."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as LateError
from typing import Any

from . import probes
from .observed import OBSERVED, REQUEST_ID, request_id
from .requests import note

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Observed:
    """A WSGI application that wraps all others."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if probes.is_probe(path):
            reply = _reply(path, method, environ.get("HTTP_AUTHORIZATION", ""))
            start_response(f"{reply.status.value} {reply.status.phrase}", reply.headers)
            return () if method == "HEAD" else (reply.body,)
        begun = time.perf_counter()
        named = request_id(environ.get("HTTP_X_REQUEST_ID"))
        observed: dict[str, Any] = {"request_id": named}
        environ[OBSERVED] = observed
        seen = [500]

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            seen[0] = int(status[:3])
            return start_response(status, [*headers, (REQUEST_ID, named)], *rest)

        def end() -> None:
            note(method, path, seen[0], begun, observed)

        try:
            chunks = self._application(environ, start)
        except BaseException:
            end()
            raise
        if isinstance(chunks, tuple | list):
            end()
            return chunks
        return _Body(chunks, end)


class _Body:
    """The body of an answer, after which the request has ended."""

    def __init__(self, chunks: Iterable[bytes], end: Callable[[], None]) -> None:
        self._chunks = chunks
        self._end = end

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        """Tell the application, then count."""
        try:
            close = getattr(self._chunks, "close", None)
            if close is not None:
                close()
        finally:
            self._end()


def _reply(path: str, method: str, authorization: str) -> probes.Reply:
    refused = probes.refusal(path, method, authorization)
    if refused is not None:
        return refused
    if path == probes.LIVEZ:
        return probes.alive()
    try:
        facts = probes.gathering.facts().result(probes.LONGEST)
    except LateError:
        facts = None
    return probes.answered(path, facts, authorization)
