"""The ASGI application: what `wsgi.py` serves, in a few threads, and beside it those who wait for changes, in none."""

import string
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from .wsgi import application as in_a_thread

# Imported only here, because Django has to be set up first.
from frontend_api.feed.waiting import LongPolling  # isort: skip

# As with WSGI: more of them wait for each other.
THREADS = 3

# The adapter has types of its own for what both take.
wsgi: Any = in_a_thread
in_threads: Any = WSGIMiddleware(wsgi, workers=THREADS)


async def served(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    """Answer in a thread, where the request is put as servers of WSGI put it."""

    async def received() -> Any:
        # What granian gives can be waited for, but is no coroutine, which the adapter asks for.
        return await receive()

    if scope["type"] == "http":
        cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        others = [header for header in scope["headers"] if header[0] != b"cookie"]
        scope = {
            **scope,
            # HTTP/2 may send each in a header of its own, which the adapter would join as a list.
            "headers": [*others, (b"cookie", cookies)] if cookies else others,
            # The adapter takes it for ASCII.
            "query_string": quote(scope["query_string"], safe=string.printable).encode(),
        }
    await in_threads(scope, received, send)


application = LongPolling(served)
