"""Answers what another process hands over, until that one ends or wants no more."""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from frontend_api.caching.responses.observed import OBSERVED

from . import frames

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_UNTOLD = 16 * 1024 * 1024
"""In bytes: while so much waits to be told, of what is kept no more is told."""

PART = 64 * 1024
"""So many bytes of what nobody wants any more are read at once."""

logger = logging.getLogger(__name__)


class Behind:
    """Answers what it is handed, until nothing more can come."""

    def __init__(self, application: Application, calls: int, tells: int) -> None:
        for number in (calls, tells):
            # Else what is started from here would keep them open when this process ends.
            os.set_inheritable(number, False)
        for name in (signal.SIGINT, signal.SIGTERM):
            # Those to all processes of a service are for the one in front, with which this one ends.
            signal.signal(name, signal.SIG_IGN)
        self._application = application
        self._calls = socket.socket(fileno=calls)
        self._tells = os.fdopen(tells, "wb", buffering=0)
        self._answering: set[asyncio.Task[None]] = set()
        self._is_over = asyncio.Event()

    async def run(self) -> None:
        """Go on until the process in front has ended, or wants this one to."""
        self._loop = asyncio.get_running_loop()
        self._told, _ = await self._loop.connect_write_pipe(asyncio.Protocol, self._tells)
        self._calls.setblocking(False)
        self._loop.add_reader(self._calls, self._take)
        self._told.write(frames.packed(frames.READY))
        await self._is_over.wait()
        # What was begun is answered, though not if that never ends.
        last = threading.Timer(frames.LAST_WAIT, os._exit, [1])
        last.daemon = True
        last.start()
        while self._answering:
            await asyncio.wait(self._answering)

    def _take(self) -> None:
        try:
            said, numbers, _, _ = socket.recv_fds(self._calls, 1, 1)
        except BlockingIOError:
            return
        if not said:
            self._loop.remove_reader(self._calls)
            self._is_over.set()
        for number in numbers:
            task = self._loop.create_task(self._answer(socket.socket(fileno=number)))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    def tell(self, key: str, entry: Any) -> None:
        """Tell the process in front what is kept from now on; called in any thread that answers."""
        self._loop.call_soon_threadsafe(self._tell, key, entry)

    def _tell(self, key: str, entry: Any) -> None:
        if self._told.get_write_buffer_size() < MOST_UNTOLD:
            self._told.write(frames.packed((key, entry)))

    async def _answer(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection)
        try:
            told = await frames.read(reader)
            if told is not None:
                await _Request(reader, writer).answer(self._application, *told)
        except (asyncio.CancelledError, ConnectionError):
            # Whoever asked has left.
            pass
        finally:
            writer.close()


class _Request:
    """One request that was handed over."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._leaving: asyncio.Task[None] | None = None

    async def answer(self, application: Application, scope: Scope, observed: Any) -> None:
        """Answer it, then say what was learned of it, or nothing if that failed."""
        if observed is not None:
            scope[OBSERVED] = observed
        try:
            await application(scope, self._receive, self._send)
        except ConnectionError:
            raise
        except Exception:
            logger.exception("A request could not be answered.")
            observed = frames.FAILED
        finally:
            if self._leaving is not None:
                self._leaving.cancel()
        self._writer.write(frames.packed((None, observed)))
        await self._writer.drain()
        await self._hear_out()

    async def _hear_out(self) -> None:
        """Let the other end close first: if it still sends, it would lose what it was told and has not read yet."""
        if self._leaving is not None:
            await asyncio.wait([self._leaving])
        while await self._reader.read(PART):
            pass

    async def _receive(self) -> Message:
        message: Message | None = await frames.read(self._reader)
        if message is None:
            return {"type": "http.disconnect"}
        if not message.get("more_body", False):
            # From now on nothing comes but the end, if whoever asked leaves.
            asking = asyncio.current_task()
            self._leaving = asyncio.create_task(self._leave(asking))
        return message

    async def _leave(self, asking: "asyncio.Task[Any] | None") -> None:
        if await frames.read(self._reader) is None and asking is not None:
            asking.cancel()

    async def _send(self, message: Message) -> None:
        self._writer.write(frames.packed((dict(message), None)))
        await self._writer.drain()
