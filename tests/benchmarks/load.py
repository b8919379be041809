"""Asks a server over HTTP as fast as it answers, over connections that stay open, and says how long that took.

A client that is written for nothing else takes little of its core, so that the server's is what is measured.
"""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle

HOST = "127.0.0.1"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Measured:
    """How many seconds some requests took in all, and each of them."""

    seconds: float
    times: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """How many were answered in a second."""
        return len(self.times) / self.seconds


@dataclass(frozen=True)
class Request:
    """What is asked, and the status that is the answer."""

    address: str
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200

    def __bytes__(self) -> bytes:
        """Return it as it goes over the wire."""
        lines = [f"{name}: {value}" for name, value in (("Host", "localhost"), *self.headers)]
        return "\r\n".join([f"GET {self.address} HTTP/1.1", *lines, "", ""]).encode()


class _Connection:
    """A connection on which one thing is asked at a time."""

    def __init__(self, to: socket.socket) -> None:
        to.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = to

    def ask(self, request: bytes, status: bytes) -> None:
        self.status = status
        self.head = b""
        self.left = 0
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        """Read what has come, and tell whether that is all."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("The server closed a connection.")
        if self.left:
            self.left -= len(data)
            return not self.left
        self.head += data
        end = self.head.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self.head.startswith(self.status):
            raise RuntimeError(self.head[:500].decode(errors="replace"))
        length = LENGTH.search(self.head, 0, end)
        self.left = end + 4 + (int(length[1]) if length else 0) - len(self.head)
        return not self.left


def ask(
    port: int,
    requests: Sequence[Request],
    *,
    connections: int = 1,
    seconds: float = float("inf"),
    count: float = float("inf"),
) -> Measured:
    """Ask the requests by turns for so long, or so often, over so many connections at once."""
    wanted = cycle([(bytes(one), b"HTTP/1.1 %d " % one.status) for one in requests])
    times: list[float] = []
    with ExitStack() as stack:
        ready = stack.enter_context(selectors.DefaultSelector())
        opened = [
            _Connection(stack.enter_context(socket.create_connection((HOST, port))))
            for _ in range(connections)
        ]
        start = time.perf_counter()
        for connection in opened:
            ready.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask(*next(wanted))
        unanswered = connections
        now = start
        while unanswered:
            for key, _ in ready.select():
                connection = key.data
                if not connection.is_answered():
                    continue
                now = time.perf_counter()
                times.append(now - connection.asked_at)
                unanswered -= 1
                if now - start < seconds and len(times) + unanswered < count:
                    connection.ask(*next(wanted))
                    unanswered += 1
    return Measured(now - start, times)


def read(port: int, request: Request) -> tuple[dict[str, str], bytes]:
    """Return the headers of one answer, by their names in small letters, and its body."""
    with socket.create_connection((HOST, port)) as connection:
        connection.sendall(bytes(request).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        got = b"".join(iter(lambda: connection.recv(1 << 18), b""))
    head, _, body = got.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    if status.split()[1] != str(request.status):
        raise RuntimeError(f"{request.address} answers {status}: {body[:500]!r}")
    return {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }, body
