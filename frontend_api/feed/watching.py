"""Looks for new changes for as long as somebody waits for one: once for all who wait, and in one thread."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.db import Error, close_old_connections, connections

logger = logging.getLogger(__name__)

EVERY = 0.5
"""After how many seconds it looks again."""


class Watch:
    """Wakes those who wait once the newest change is another than the one that they know of."""

    def __init__(self, newest: Callable[[], int], every: float = EVERY) -> None:
        self._newest = newest
        self._every = every
        # A connection to the database belongs to a thread, and this one keeps its own while somebody waits.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="changes")
        self._waiting: dict[asyncio.Future[int | None], int] = {}
        self._task: asyncio.Task[None] | None = None

    async def newest(self) -> int | None:
        """Return the number of the newest change, or None if it cannot be read."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._read)
        except Error:
            logger.exception("It cannot be read what the newest change is.")
            return None

    async def another(self, known: int) -> int | None:
        """Return the number of the newest change once it is not `known`, or None where that cannot be known."""
        loop = asyncio.get_running_loop()
        woken: asyncio.Future[int | None] = loop.create_future()
        self._waiting[woken] = known
        if self._task is None:
            self._task = loop.create_task(self._watch())
        try:
            return await woken
        finally:
            del self._waiting[woken]

    def release(self) -> None:
        """Wake all who wait."""
        self._wake(None)

    async def _watch(self) -> None:
        while self._waiting:
            # Where it cannot be read, whoever waits asks again, and is told what is wrong.
            self._wake(await self.newest())
            await asyncio.sleep(self._every)
        # What begins to wait from here on starts another.
        self._task = None
        with suppress(RuntimeError):  # The process ends, and its threads have.
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, connections.close_all)

    def _wake(self, number: int | None) -> None:
        for woken, known in self._waiting.items():
            if number != known and not woken.done():
                woken.set_result(number)

    def _read(self) -> int:
        close_old_connections()
        return self._newest()
