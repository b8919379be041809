"""Reads the bodies of requests before a thread is taken for them, within limits: whoever sends slowly holds little.

A small body is kept in memory and a large one in a temporary file. All that are being read share the room on the disk.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

IN_MEMORY = 64 * 1024
"""How many bytes of a body are kept in memory."""

LARGEST = 512 * 1024 * 1024
"""A larger body is refused: nobody else would see to it that the disk is not filled."""

LARGEST_OF_STRANGERS = 1024 * 1024
"""The same where no session is named: a form with a name and a password is small."""

MOST_BYTES = 2 * LARGEST
"""So much is kept at once, of all bodies."""

MOST = 1_000
"""So many bodies are kept at once: each may be a file."""

PATIENCE = 30
"""After so many seconds in which nothing comes of a body, it is given up."""


class Refused(Exception):
    """A body is not read to its end."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Left(Exception):
    """Whoever sent a body has left in the middle of it."""


class Bodies:
    """All bodies that are being read, or are there until their requests are answered."""

    def __init__(self) -> None:
        self._number = 0
        self._bytes = 0

    @contextmanager
    def room(self) -> Iterator["Body"]:
        """Keep a body; raises `Refused` where there are too many."""
        if self._number >= MOST:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Too much is being sent at once.")
        with SpooledTemporaryFile(IN_MEMORY) as file:
            self._number += 1
            body = Body(file, self)
            try:
                yield body
            finally:
                self._number -= 1
                self._bytes -= body.size

    def add(self, size: int) -> None:
        """Count some bytes that have come; raises `Refused` where there are too many."""
        if self._bytes + size > MOST_BYTES:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Too much is being sent at once.")
        self._bytes += size


class Body:
    """The body of a request."""

    def __init__(self, file: IO[bytes], among: Bodies) -> None:
        self.file = file
        self.size = 0
        self._among = among

    async def read(self, receive: Receive, most: int) -> None:
        """Read it; raises `Refused` or `Left`."""
        more = True
        while more:
            try:
                message = await asyncio.wait_for(receive(), PATIENCE)
            except TimeoutError:
                sentence = "Nothing more has come for a while."
                raise Refused(HTTPStatus.REQUEST_TIMEOUT, sentence) from None
            if message["type"] != "http.request":
                raise Left
            part = message.get("body", b"")
            more = message.get("more_body", False)
            if self.size + len(part) > most:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "What was sent is too large.")
            self._among.add(len(part))
            self.size += len(part)
            self.file.write(part)
        self.file.seek(0)
