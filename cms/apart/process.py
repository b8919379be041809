"""The process that runs Django for another one: begun by it, started again if it ends, and ended with it."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from . import frames

PAUSE = 1
"""A process that ended before it was ready is started again after so many seconds."""

logger = logging.getLogger(__name__)


class Gone(Exception):
    """There is no process at the moment that could be asked."""


class Process:
    """The process, one after the other if need be."""

    def __init__(self, module: str, keep: Callable[[str, Any], None]) -> None:
        """`module` is what is run, and `keep` is called with all that it keeps and tells of."""
        self._module = module
        self._keep = keep
        self._running: _Running | None = None
        self._watching: asyncio.Task[None] | None = None
        self._is_ending = False

    @property
    def is_there(self) -> bool:
        """Whether a process is there that takes requests."""
        return self._running is not None and self._running.is_ready

    @property
    def number(self) -> int | None:
        """Its number, if one is there."""
        return None if self._running is None else self._running.number

    async def begin(self) -> None:
        """Start it unless it has been; raises `Gone` if it ends before it is ready."""
        if self._watching is None:
            self._running = self._start()
            self._watching = asyncio.create_task(self._watch(self._running))
            if not await asyncio.shield(self._running.is_begun):
                raise Gone

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a connection of one's own to it; raises `Gone`."""
        if self._running is None or self._is_ending:
            raise Gone
        try:
            ours, theirs = socket.socketpair()
        except OSError as error:
            # So much is open that no more can be.
            raise Gone from error
        with theirs:
            try:
                await self._running.give(theirs)
            except OSError as error:
                ours.close()
                raise Gone from error
            except asyncio.CancelledError:
                ours.close()
                raise
        return await asyncio.open_connection(sock=ours)

    async def end(self) -> None:
        """Let it answer what it has begun, and end it."""
        self._is_ending = True
        if self._running is not None:
            await self._running.end()
        if self._watching is not None:
            await self._watching

    def _start(self) -> "_Running":
        return _Running(self._module, self._keep)

    async def _watch(self, running: "_Running") -> None:
        while True:
            was_ready = await running.listen()
            self._running = None
            code = await running.code()
            if self._is_ending:
                break
            logger.error("The process that runs Django has ended (%d); it is started again.", code)
            if not was_ready:
                await asyncio.sleep(PAUSE)
            if self._is_ending:
                break
            self._running = running = self._start()


class _Running:
    """One process that was started."""

    def __init__(self, module: str, keep: Callable[[str, Any], None]) -> None:
        self._keep = keep
        self._calls, calls = socket.socketpair()
        told, tells = os.pipe()
        try:
            command = [sys.executable, "-m", module, str(calls.fileno()), str(tells)]
            self._process = subprocess.Popen(command, pass_fds=[calls.fileno(), tells])  # noqa: S603
        finally:
            calls.close()
            os.close(tells)
        self._calls.setblocking(False)
        self._told = os.fdopen(told, "rb", buffering=0)
        self._turns = asyncio.Lock()
        self._room = asyncio.Event()
        self._is_closed = False
        self.is_begun: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @property
    def number(self) -> int:
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        return self.is_begun.done() and self.is_begun.result()

    async def listen(self) -> bool:
        """Hear what it keeps, until it ends; return whether it was ever ready."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), self._told
        )
        try:
            while (told := await frames.read(reader)) is not None:
                if told == frames.READY:
                    self.is_begun.set_result(True)
                else:
                    self._keep(*told)
        finally:
            transport.close()
            self._close()
        if not self.is_begun.done():
            self.is_begun.set_result(False)
        return self.is_ready

    async def give(self, connection: socket.socket) -> None:
        """Give it an end of a connection; waits while it has too many that it did not take yet."""
        async with self._turns:
            while True:
                try:
                    socket.send_fds(self._calls, [b"+"], [connection.fileno()])
                except BlockingIOError:
                    await self._wait_for_room()
                else:
                    return

    async def _wait_for_room(self) -> None:
        self._room.clear()
        loop = asyncio.get_running_loop()
        loop.add_writer(self._calls, self._room.set)
        try:
            await self._room.wait()
        finally:
            if not self._is_closed:
                loop.remove_writer(self._calls)

    def _close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            # Whoever waits for room finds that there is none any more.
            asyncio.get_running_loop().remove_writer(self._calls)
            self._room.set()
            self._calls.close()

    async def end(self) -> None:
        """Tell it to end, and see to it that it does."""
        self._close()
        try:
            await asyncio.wait_for(asyncio.shield(self.code()), frames.LAST_WAIT)
        except TimeoutError:
            logger.error("The process that runs Django does not end; it is killed.")
            self._process.kill()

    async def code(self) -> int:
        """Wait for its end, and return how it has ended."""
        return await asyncio.to_thread(self._process.wait)
