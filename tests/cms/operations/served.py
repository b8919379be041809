"""The service as a server runs it, through WSGI or ASGI, without a server."""

import asyncio
import contextlib
import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from cms.lanes import Lanes
from cms.operations import observing_asgi, observing_wsgi
from cms.wsgi_in_threads import InThreads
from frontend_api.caching import asgi
from frontend_api.caching.at_once import InProcess
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.feed.waiting import LongPolling


@dataclass(frozen=True)
class Got:
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as it is meant."""
        return json.loads(self.body)


Ask = Callable[..., Got]


def through_wsgi(path: str, method: str = "GET", query: str = "", **headers: str) -> Got:
    """Ask through WSGI, with `X_Request_ID="…"` and the like."""
    return through(
        observing_wsgi.Observed(ResponseCache(WSGIHandler())), path, method, query, **headers
    )


def through(
    application: Any, path: str, method: str = "GET", query: str = "", **headers: str
) -> Got:
    """Ask a WSGI application."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "testserver",
        "wsgi.input": io.BytesIO(),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    setup_testing_defaults(environ)
    started: list[Any] = []
    chunks = application(environ, lambda *start: started.extend(start))
    try:
        body = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    status, sent = started[:2]
    return Got(int(status[:3]), {name.title(): value for name, value in sent}, body)


def closing(application: Any) -> Any:
    """Return an application that leaves no connection open in the thread that it runs in."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        chunks = application(environ, start_response)
        try:
            return [b"".join(chunks)]
        finally:
            getattr(chunks, "close", lambda: None)()
            connections.close_all()

    return answer


def through_asgi(path: str, method: str = "GET", query: str = "", **headers: str) -> Got:
    """Ask through ASGI."""
    sent: list[Any] = []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "http_version": "1.1",
        "scheme": "http",
        "server": ("testserver", 80),
        "client": ("192.0.2.1", 5000),
        "headers": [
            (b"host", headers.pop("Host", "testserver").encode()),
            *(
                (name.lower().replace("_", "-").encode(), value.encode())
                for name, value in headers.items()
            ),
        ],
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    behind = InThreads(closing(ResponseCache(WSGIHandler())), Lanes())
    with ThreadPoolExecutor(1) as hits, contextlib.closing(InProcess()) as in_process:
        service = LongPolling(asgi.ResponseCache(behind, hits, in_process))
        asyncio.run(observing_asgi.Observed(service)(scope, receive, send))
        hits.submit(connections.close_all).result()
    start, *parts = sent
    return Got(
        start["status"],
        {name.decode().title(): value.decode() for name, value in start["headers"]},
        b"".join(part.get("body", b"") for part in parts),
    )
