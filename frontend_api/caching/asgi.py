"""The response cache in front of an ASGI application: a hit is answered before Django, and in none of its threads.

    application = ResponseCache(get_asgi_application())

What it does not answer it passes on as it came. What is passed on is kept by `wsgi.ResponseCache` or by the middleware,
one of which has to be behind it. All that it asks of the database is where the change log stands: once for all who came
while it asked before, and never for somebody before they came.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from django.conf import settings

from frontend_api.errors import LONGEST_QUERY

from .at_once import InProcess, Shared
from .batches import Batches
from .responses import cache_key, hits, observed, too_long
from .responses.cache_key import Environ
from .responses.hits import Hit, Read

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_REMEMBERED = 500
"""So many reads are remembered as they came, so that it need not be found out anew what they ask for."""
LONGEST_REMEMBERED = 4_000
"""In bytes; clients determine how long they are."""

# By these a public answer is chosen, besides those by which a proxy tells what the client asked.
_CHOOSING = (
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_CACHE_TAG_LIMIT",
    "HTTP_HOST",
    "HTTP_IF_NONE_MATCH",
    "HTTP_ORIGIN",
)


_NOWHERE = ("localhost", 80)


class ResponseCache:
    """An ASGI application that answers what is kept, and passes all else on."""

    def __init__(
        self,
        application: Application,
        executor: Executor | None = None,
        in_process: InProcess | None = None,
    ) -> None:
        self._application = application
        # A connection to the database belongs to a thread, and this one keeps its own.
        thread = executor or ThreadPoolExecutor(1, thread_name_prefix="hits")
        self._hits: Batches[Read, Hit | None] = Batches(self._answered, thread)
        self._in_process = in_process or InProcess()
        self._now = Shared(self._in_process)
        self._known: dict[tuple[Any, ...], Read] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from the cache, or have it answered."""
        hit = _refusal(scope)
        if hit is None and (read := self._read(scope)) is not None:
            state = self._now.state()
            hit = None if state is None else hits.at_once(read, state)
            if hit is None:
                hit = await self._hits.answer(read)
        if hit is None:
            await self._application(scope, receive, send)
            return
        if hit.kept is not None:
            observed.note(scope, hit.kept)
        await send(hit.head)
        await send(hit.body)

    def _answered(self, reads: Sequence[Read]) -> list[Hit | None]:
        answers = hits.answered(reads)
        self._in_process.open()
        return answers

    def _read(self, scope: Scope) -> Read | None:
        """Return what is asked for, or None where the answer is not for all clients, or that is not certain."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return None
        choosing = _headers_by_name(tuple(cache_key.deciding_headers()))
        given = []
        for name, value in scope["headers"]:
            if name in choosing:
                given.append((name, value))
            elif b"_" in name or name == b"authorization":
                # What a header with an underscore is taken for depends on the server.
                return None
            elif name == b"cookie" and settings.SESSION_COOKIE_NAME.encode() in value:
                return None
        server = scope.get("server") or _NOWHERE
        place = scope["method"], scope["path"], scope["query_string"], scope.get("root_path", "")
        asked = (*place, scope.get("scheme"), *server, *given)
        read = self._known.pop(asked, None)
        if read is None:
            environ = _environ(scope, server, ((choosing[name], value) for name, value in given))
            if not (environ and cache_key.is_read(environ) and cache_key.is_public(environ)):
                return None
            read = Read(environ)
        if sum(len(value) for _, value in given) <= LONGEST_REMEMBERED:
            self._known[asked] = read
            if len(self._known) > MOST_REMEMBERED:
                # The one that was not asked for in the longest time.
                del self._known[next(iter(self._known))]
        return read


def _refusal(scope: Scope) -> Hit | None:
    """Return the answer to a request with too long a query string, or None for any other."""
    if len(scope.get("query_string", b"")) <= LONGEST_QUERY:
        return None
    environ = _environ(scope, scope.get("server") or _NOWHERE, ())
    refused = None if environ is None else too_long.refusal(environ)
    return None if refused is None else hits.as_messages(refused)


@lru_cache
def _headers_by_name(deciding: tuple[str, ...]) -> dict[bytes, str]:
    """Return all headers that choose an answer, from how ASGI names them to how WSGI does."""
    return {
        name.removeprefix("HTTP_").replace("_", "-").lower().encode(): name
        for name in (*_CHOOSING, *deciding)
    }


def _environ(scope: Scope, server: Any, given: Iterable[tuple[str, bytes]]) -> Environ | None:
    """Return what decides the answer as WSGI has it (PEP 3333), or None if servers do not agree how that is."""
    root = scope.get("root_path", "")
    if not f"{scope['path']}{root}".isascii():
        return None
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": root,
        "PATH_INFO": scope["path"].removeprefix(root),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "wsgi.url_scheme": scope.get("scheme", "http"),
    }
    for name, value in given:
        if name in environ:
            return None
        environ[name] = value.decode("latin-1")
    return environ
