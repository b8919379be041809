"""A server on this machine that stands for the internet, for tests of what is fetched from it."""

import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpcore
import pytest

from frontend_api.outgoing import addresses, connections

PUBLIC = "93.184.216.34"

Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Internet:
    """A server on this machine that stands for the internet: what would be connected to is noted, then led here."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, Answer] = {}
        self.names: dict[str, list[list[str]]] = {}
        """What the resolver says of a host: the first time, the second, and so on."""
        self.connected: list[str] = []
        self.asked: list[str] = []

    def resolve(self, host: str, port: int) -> list[str]:
        """Answer as the resolver."""
        said = self.names.get(host)
        if not said:
            raise socket.gaierror(host)
        return said.pop(0) if len(said) > 1 else said[0]

    def connect(self, address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        """Note the address, and lead to the server."""
        self.connected.append(address)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout=timeout)

    def at(self, path: str, answer: Answer) -> str:
        """Have the server answer at a path, and return the address."""
        self.answers[path] = answer
        self.names.setdefault("example.org", [[PUBLIC]])
        return f"http://example.org{path}"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, dict[str, Any]]]:
    """One server for all tests of the module."""
    now: dict[str, Any] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            internet: Internet = now["internet"]
            internet.asked.append(self.path)
            self.close_connection = True
            try:
                internet.answers[self.path.partition("?")[0]](self)
            except OSError:
                # The client has gone.
                return

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        yield running.server_address[1], now
        running.shutdown()


@pytest.fixture
def internet(server: tuple[int, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Internet:
    """An internet of one server."""
    port, now = server
    made = now["internet"] = Internet(port)
    monkeypatch.setattr(addresses, "resolve", made.resolve)
    monkeypatch.setattr(connections, "connect", made.connect)
    return made


def page(body: bytes, content_type: str = "text/html", **headers: str) -> Answer:
    """Return an answer with a body."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", content_type)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirect(to: str, status: int = 302) -> Answer:
    """Return an answer that leads elsewhere."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Location", to)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def raw(*pieces: bytes, pause: float = 0) -> Answer:
    """Return an answer of bytes that need not be HTTP, in pieces."""

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)

    return answer
