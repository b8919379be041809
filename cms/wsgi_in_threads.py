"""Runs a WSGI application for an ASGI server, in threads that last and keep their connections to the database.

No thread ever waits for a client or for the loop of the server: the body of a request is read before one is taken, and
a long answer is fetched part by part. So whoever sends or reads slowly holds none, and a server that ends waits for no
thread that waits for it.
"""

import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from http import HTTPStatus
from typing import IO, Any

from frontend_api.caching.responses.observed import OBSERVED

from .bodies import LARGEST, LARGEST_OF_STRANGERS, Bodies, Left, Refused
from .lanes import Full, Lane, Lanes, has_session

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PART = 256 * 1024
"""An answer is sent in parts of about so many bytes, and most of them in one."""


RETRY_AFTER = 2
"""After so many seconds somebody who was refused may try again."""


class InThreads:
    """An ASGI application that is a WSGI application, run in the threads of lanes."""

    def __init__(self, application: Callable[..., Iterable[bytes]], lanes: Lanes) -> None:
        self._application = application
        self._lanes = lanes
        self._bodies = Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            try:
                await self._read_and_answer(scope, receive, send)
            except Full:
                sentence = "There is too much to do at the moment; try again in a few seconds."
                await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, sentence)
            except Refused as refused:
                await refuse(send, refused.status, refused.sentence)
            except Left:
                pass

    async def _read_and_answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        lane = self._lanes.of(scope)
        if lane.is_full:
            raise Full
        with self._bodies.room() as body:
            most = LARGEST if has_session(scope) else LARGEST_OF_STRANGERS
            await body.read(receive, most)
            await self._answer(environ_of(scope, body.file, body.size), lane, send)

    async def _answer(self, environ: dict[str, Any], lane: Lane, send: Send) -> None:
        answer = _Answer(self._application, environ)
        try:
            part, more = await lane.run(answer.part)
            await send(answer.head)
            while more:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                part, more = await lane.run(answer.part, is_begun=True)
            await send({"type": "http.response.body", "body": part})
        finally:
            if not answer.is_closed:
                lane.submit(answer.close)


class _Answer:
    """What the application answers; all of it but `head` is for the threads."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], environ: dict[str, Any]
    ) -> None:
        self._begin = lambda: application(environ, self._start)
        self._body: Iterable[bytes] | None = None
        self._left: Iterator[bytes] = iter(())
        self.head: Message = {}
        self.is_closed = False

    def part(self) -> tuple[bytes, bool]:
        """Return the next part of the body, and whether there may be more."""
        if self._body is None:
            self._body = self._begin()
            self._left = iter(self._body)
        part = bytearray()
        for chunk in self._left:
            part += chunk
            if len(part) >= PART:
                return bytes(part), True
        self.close()
        return bytes(part), False

    def close(self) -> None:
        """Tell the application that no more is asked for."""
        self.is_closed = True
        close = getattr(self._body, "close", None)
        if close is not None:
            close()

    def _start(self, status: str, headers: list[tuple[str, str]], *exc_info: Any) -> None:
        self.head = {
            "type": "http.response.start",
            "status": int(status.partition(" ")[0]),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ],
        }


def environ_of(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """Return a request as WSGI (PEP 3333) has it, whose body was read."""
    root = scope.get("root_path", "")
    client, server = scope.get("client"), scope.get("server")
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _as_latin(root),
        "PATH_INFO": _as_latin(scope["path"].removeprefix(root)),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0] if server else "localhost",
        "SERVER_PORT": str((server and server[1]) or 80),
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper(), raw_value.decode("latin-1")
        if "_" in name or name in {"CONTENT-LENGTH", "TRANSFER-ENCODING"}:
            # With an underscore, a client could pass for a proxy, whose headers have hyphens.
            continue
        key = "CONTENT_TYPE" if name == "CONTENT-TYPE" else f"HTTP_{name.replace('-', '_')}"
        if key in environ:
            # HTTP/2 may send each cookie in a header of its own.
            value = f"{environ[key]}{'; ' if name == 'COOKIE' else ','}{value}"
        environ[key] = value
    if OBSERVED in scope:
        environ[OBSERVED] = scope[OBSERVED]
    if size or scope["method"] not in {"GET", "HEAD"}:
        environ["CONTENT_LENGTH"] = str(size)
    return environ


def _as_latin(text: str) -> str:
    """Return a text as WSGI has it: each byte as a character."""
    return text.encode(errors="surrogateescape").decode("latin-1")


async def refuse(send: Send, status: HTTPStatus, sentence: str) -> None:
    """Answer with a problem (RFC 9457), whoever asked: browsers show it, too."""
    problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": sentence}
    said = json.dumps({**problem, "message": sentence}).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(said)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(RETRY_AFTER).encode()))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": said})


async def _live(receive: Receive, send: Send) -> None:
    """Tell the server that there is nothing to begin or to end with it."""
    while True:
        what = (await receive())["type"]
        await send({"type": f"{what}.complete"})
        if what == "lifespan.shutdown":
            return
