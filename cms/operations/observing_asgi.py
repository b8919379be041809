"""The outermost ASGI application: answers probes, and observes every other request, hits of the cache among them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from . import probes
from .observed import OBSERVED, REQUEST_ID, request_id
from .requests import note

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

GIVEN = REQUEST_ID.lower().encode()
GONE = 499
"""What is noted of a client that left before there was an answer, as other servers do."""


class Observed:
    """An ASGI application that wraps all others."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        if probes.is_probe(path):
            await _answer(scope, send)
            return
        begun = time.perf_counter()
        named = request_id(_header(scope, GIVEN))
        observed: dict[str, Any] = {"request_id": named}
        scope[OBSERVED] = observed
        added = (GIVEN, named.encode())
        status = GONE

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), added]}
            await send(message)

        try:
            await self._application(scope, receive, send_observed)
        except Exception:
            status = 500
            raise
        finally:
            note(method, path, status, begun, observed)


async def _answer(scope: Scope, send: Send) -> None:
    reply = await _reply(scope["path"], scope["method"], _header(scope, b"authorization") or "")
    headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers]
    await send({"type": "http.response.start", "status": reply.status.value, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else reply.body
    await send({"type": "http.response.body", "body": body})


async def _reply(path: str, method: str, authorization: str) -> probes.Reply:
    refused = probes.refusal(path, method, authorization)
    if refused is not None:
        return refused
    if path == probes.LIVEZ:
        return probes.alive()
    coming = asyncio.wrap_future(probes.gathering.facts())
    try:
        # Others may wait for the same.
        facts = await asyncio.wait_for(asyncio.shield(coming), probes.LONGEST)
    except TimeoutError:
        facts = None
    return await asyncio.to_thread(probes.answered, path, facts, authorization)


def _header(scope: Scope, wanted: bytes) -> str | None:
    for name, value in scope["headers"]:
        if name == wanted:
            text: str = value.decode("latin-1")
            return text
    return None
