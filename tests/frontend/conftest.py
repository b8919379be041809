"""The reference frontend against an API that is real HTTP, and small enough to say anything."""

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "frontend"))

Answer = tuple[int, Any]


class SmallApi:
    """Answers by path; `answers` holds what it says, `asked` what it was asked, `tokens` with which credentials.

    An answer for `"/pages/find/ preview_x"` is for whoever asks with that token.

    Where `headers` has some for a path, they are sent, and their `ETag` is compared with what the client has.
    """

    address = ""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: dict[str, dict[str, str]] = {}
        self.known: list[str | None] = []
        self.tokens: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def answer(self, path: str, query: dict[str, str], token: str = "") -> Answer:
        """Return the status and the JSON for a request."""
        self.asked.append((path, query))
        self.tokens.append(token)
        for key in (f"{path} {token}", f"{path}?{query.get('html_path', '')}", path):
            if key in self.answers:
                return self.answers[key]
        return 404, {"status": 404, "detail": "There is no such page."}


@pytest.fixture
def api() -> Iterator[SmallApi]:
    """An API on a loopback port that the website asks."""
    small = SmallApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            path = address.path.removeprefix("/api/v2")
            if self.headers["Accept"] == "text/markdown":
                path += " as Markdown"
            token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
            status, body = small.answer(path, query, token)
            headers = small.headers.get(path, {})
            # A text is sent as it is, and with a type of its own.
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            known = self.headers["If-None-Match"]
            small.known.append(known)
            small.meanwhile()
            if known and known == headers.get("ETag"):
                status, data = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Type" not in headers:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    small.address = f"http://127.0.0.1:{server.server_port}/api/v2/"
    yield small
    server.shutdown()
    server.server_close()


class Visitor:
    """A browser without JavaScript, which keeps cookies and does not follow redirects."""

    def __init__(self, app: Any, api_address: str, runner: asyncio.Runner) -> None:
        self.app = app
        self.runner = runner
        self.ask(api_address)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app.app), base_url="http://testserver"
        )

    def ask(self, api_address: str) -> None:
        """Let the website ask another API."""
        self.app.app.app.state.api = self.app.Api(api_address)

    def at(self, base_url: str) -> None:
        """Visit the website at another address."""
        self.client.base_url = httpx.URL(base_url)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Return the response to a GET."""
        return self.runner.run(self.client.get(path, **options))

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Return the response to any request."""
        return self.runner.run(self.client.request(method, path, **options))

    def head(self, path: str) -> httpx.Response:
        """Return the response to a HEAD."""
        return self.runner.run(self.client.head(path))


@pytest.fixture
def website(api: SmallApi) -> Iterator[Visitor]:
    """A visitor of the website, which asks the small API."""
    from website import app

    with asyncio.Runner() as runner:
        visitor = Visitor(app, api.address, runner)
        yield visitor
        runner.run(visitor.client.aclose())
        runner.run(app.app.app.state.api.close())
