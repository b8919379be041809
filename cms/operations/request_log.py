"""A line of JSON for every request, without anything of who asked.

{"time": "2026-11-24T20:01:02.345Z", "level": "info", "logger": "cms.requests", "id": "5f3a91c2d4e60718-1c",
 "method": "GET", "path": "/api/v2/pages/", "status": 200, "ms": 0.4, "cache": "hit"}

There may be thousands of them in a second, so they are written a few times a second by a thread, in pieces that no
other process's lines get into. A process that is killed loses those of a quarter of a second.
"""

import json
import os
import select
import threading
import time
from collections import deque

from .flushing import Flushing
from .observed import Observed
from .paths import shown_path

EVERY = 0.25
"""How many seconds are between two writes."""

AT_ONCE = 4096
"""What the kernel writes to a pipe in one piece; PIPE_BUF on Linux."""

MOST_WAITING = 20_000
"""So many lines are kept while whoever reads them is slow; after that, new ones are lost, and it is said how many."""

LONGEST = 300
"""Of a path, and of what was bad, so many characters are written."""

STDERR = 2

_quoted = json.encoder.encode_basestring_ascii


def line(
    method: str, path: str, status: int, seconds: float, observed: Observed, now: float
) -> str:
    """Return the line for a request; the query is left out of it, and what may be secret in its path."""
    level = "error" if status >= 500 else "warning" if status == 400 else "info"
    more = ""
    if "cache" in observed:
        more += f', "cache": "{observed["cache"]}"'
    if "queries" in observed:
        more += f', "queries": {observed["queries"]}'
    if "error" in observed:
        more += f', "error": {_quoted(observed["error"][:LONGEST])}'
    shown = observed.get("path") or shown_path(path)
    return (
        f'{{"time": "{moment(now)}", "level": "{level}", "logger": "cms.requests", '
        f'"id": "{observed["request_id"]}", "method": {_quoted(method[:20])}, "path": {_quoted(shown[:LONGEST])}, '
        f'"status": {status}, "ms": {seconds * 1000:.1f}{more}}}\n'
    )


_second: tuple[int, str] = (0, "")


def moment(now: float) -> str:
    """Return a time as ISO 8601 has it, in UTC; most of it is the same as for the line before."""
    global _second
    whole = int(now)
    known, text = _second
    if known != whole:
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
        _second = whole, text
    return f"{text}.{int((now - whole) * 1000):03d}Z"


class RequestLog:
    """Writes lines, a few times a second."""

    def __init__(self, descriptor: int = STDERR) -> None:
        self._descriptor = descriptor
        self._lines: deque[str] = deque()
        self._lost = 0
        self._writing = threading.Lock()
        self._flushing = Flushing(self.flush, EVERY, "request log")

    def write(self, text: str) -> None:
        """Have a line written within a moment."""
        if len(self._lines) >= MOST_WAITING:
            self._lost += 1
            return
        self._lines.append(text)
        if not self._flushing.has_begun:
            self._flushing.begin()

    def flush(self) -> None:
        """Write what waits."""
        with self._writing:
            lost, self._lost = self._lost, 0
            if lost:
                self._put(
                    f'{{"time": "{moment(time.time())}", "level": "warning", "logger": "cms.requests", '
                    f'"message": "{lost} lines were lost: nobody reads them in time."}}\n'.encode()
                )
            piece = bytearray()
            while self._lines:
                one = self._lines.popleft().encode()
                if piece and len(piece) + len(one) > AT_ONCE:
                    self._put(bytes(piece))
                    piece.clear()
                piece += one
            if piece:
                self._put(bytes(piece))

    def _put(self, piece: bytes) -> None:
        while piece:
            try:
                written = os.write(self._descriptor, piece)
            except BlockingIOError:
                # A descriptor may be one that is not waited for, and then it is here.
                select.select([], [self._descriptor], [], 1)
                continue
            except BrokenPipeError:
                # Whoever read the log is gone, and there is nowhere to say so.
                return
            piece = piece[written:]
