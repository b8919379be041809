"""A process that answers what it is handed, as `cms.behind` does, with a small application in place of Django."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from cms.apart.behind import Behind
from frontend_api.caching.responses.observed import OBSERVED

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Small:
    """An ASGI application that does what the path says."""

    tell: Callable[[str, Any], None]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer."""
        if scope["path"] == "/fail":
            raise ValueError("It fails.")
        if scope["path"] == "/refuse":
            await send({"type": "http.response.start", "status": 413, "headers": []})
            await send({"type": "http.response.body", "body": b"Too large."})
            return
        if scope["path"] == "/die":
            os.kill(os.getpid(), signal.SIGKILL)
        if scope["path"] == "/keep":
            self.tell("key", ("entry", 1))
        body = await self._body(receive)
        await send({"type": "http.response.start", "status": 201, "headers": scope["headers"]})
        if scope["path"] == "/half":
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
            os.kill(os.getpid(), signal.SIGKILL)
        if scope["path"] == "/wait":
            await self._wait(Path(scope["query_string"].decode()))
        if OBSERVED in scope:
            scope[OBSERVED]["queries"] = 7
        told = {name: value for name, value in scope.items() if name not in {OBSERVED, "headers"}}
        for part in (repr(told).encode(), body):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _body(self, receive: Any) -> bytes:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError("They have left.")
            body += message["body"]
            more = message["more_body"]
        return body

    async def _wait(self, folder: Path) -> None:
        (folder / "begun").touch()
        try:
            while not (folder / "go on").exists():
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            (folder / "left").touch()
            raise


if __name__ == "__main__":
    small = Small()
    behind = Behind(small, *map(int, sys.argv[1:]))
    small.tell = behind.tell
    asyncio.run(behind.run())
