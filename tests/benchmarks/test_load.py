"""The client of the benchmark counts what the server has answered, whole, and nothing else."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from tests.benchmarks.load import Request, ask, read

pytestmark = pytest.mark.once

# More than comes with one read from a socket.
LARGE = b"x" * 1_000_000
BODIES = {"/small": b"small", "/empty": b"", "/large": LARGE}


class Handler(BaseHTTPRequestHandler):
    """Answers, and counts what it was asked."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer with a body, with none, or with a status that has none."""
        self.asked.append(self.path)
        body = BODIES.get(self.path)
        self.send_response(304 if body is None else 200)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    Handler.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("address", BODIES)
def test_it_asks_as_often_as_it_says(port: int, address: str, connections: int) -> None:
    measured = ask(port, [Request(address)], connections=connections, count=40)
    assert len(measured.times) == len(Handler.asked) == 40
    assert measured.rate == 40 / measured.seconds
    # Each connection has always asked one thing, and waits for nothing else.
    assert max(measured.times) <= measured.seconds
    assert sum(measured.times) <= measured.seconds * connections


def test_it_stops_when_the_time_is_over(port: int) -> None:
    measured = ask(port, [Request("/small")], connections=4, seconds=0.05)
    assert measured.seconds >= 0.05
    assert len(measured.times) == len(Handler.asked)


def test_it_asks_by_turns(port: int) -> None:
    ask(port, [Request("/small"), Request("/unchanged", status=304)], connections=1, count=4)


def test_an_answer_of_another_kind_ends_the_measurement(port: int) -> None:
    with pytest.raises(RuntimeError, match="304"):
        ask(port, [Request("/unchanged")], count=1)
    with pytest.raises(RuntimeError, match="answers"):
        read(port, Request("/unchanged"))


def test_it_reads_one_answer_whole(port: int) -> None:
    headers, body = read(port, Request("/large"))
    assert (headers["content-length"], body == LARGE) == ("1000000", True)
