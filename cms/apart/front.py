"""Hands requests over to the process that runs Django, and its answers back, part by part."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from cms.wsgi_in_threads import refuse
from frontend_api.caching.responses.observed import OBSERVED

from . import frames
from .process import Gone, Process

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HANDED_OVER = (
    "client",
    "http_version",
    "method",
    "path",
    "query_string",
    "root_path",
    "scheme",
    "server",
    "type",
)
SENTENCE = "The service is being started again; try again in a few seconds."


class HandedOver:
    """An ASGI application that is answered for by another process."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            try:
                # A server that tells nothing of its own life begins with the first request.
                await self._process.begin()
                reader, writer = await self._process.connect()
            except Gone:
                await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, SENTENCE)
                return
            try:
                await _Exchange(scope, reader, writer).answer(receive, send)
            finally:
                writer.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            what = (await receive())["type"]
            if what == "lifespan.shutdown":
                await self._process.end()
            else:
                try:
                    await self._process.begin()
                except Gone:
                    message = "The process that runs Django does not start."
                    await send({"type": f"{what}.failed", "message": message})
                    return
            await send({"type": f"{what}.complete"})
            if what == "lifespan.shutdown":
                return


class _Exchange:
    """One request, and its answer."""

    def __init__(
        self, scope: Scope, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._scope = scope
        self._reader = reader
        self._writer = writer
        self._has_left = False

    async def answer(self, receive: Receive, send: Send) -> None:
        """Pass the body on as it comes, and the answer back."""
        observed = self._scope.get(OBSERVED)
        told = {name: self._scope[name] for name in HANDED_OVER if name in self._scope}
        told["headers"] = [(bytes(name), bytes(value)) for name, value in self._scope["headers"]]
        self._writer.write(frames.packed((told, observed)))
        passing = asyncio.create_task(self._pass_on(receive))
        is_begun = False
        try:
            while (came := await frames.read(self._reader)) is not None:
                message, facts = came
                if message is None:
                    if facts == frames.FAILED:
                        raise RuntimeError("A request could not be answered; see the line before.")
                    if observed is not None:
                        observed.update(facts)
                    return
                is_begun = True
                await send(message)
        finally:
            passing.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await passing
        if is_begun:
            raise ConnectionError(
                "The process that runs Django has ended in the middle of an answer."
            )
        if not self._has_left:
            await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE, SENTENCE)

    async def _pass_on(self, receive: Receive) -> None:
        more = True
        while more:
            message = await receive()
            self._has_left = message["type"] == "http.disconnect"
            more = message.get("more_body", False)
            self._writer.write(frames.packed(dict(message)))
            await self._writer.drain()
