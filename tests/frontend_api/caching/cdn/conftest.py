"""A cache on a loopback port, which hears what it is to be purged of."""

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from frontend_api.changes.models import Change, ChangeLog, new_epoch
from frontend_api.changes.surrogate_keys import MANY, surrogate_keys
from tests.frontend_api.caching.conftest import ask_wsgi, scene

__all__ = ["ask_wsgi", "scene"]

BACKENDS = "frontend_api.caching.cdn.backends"


@dataclass
class Asked:
    """A request that the cache got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def names(self) -> list[str]:
        """The names of the tags to purge."""
        return self.headers["Surrogate-Key"].split()

    @property
    def json(self) -> Any:
        """What is in the body."""
        return json.loads(self.body)


@dataclass
class CacheServer:
    """Answers with `status` and `body`, once `is_awake`; `asked` holds what it was asked."""

    address: str = ""
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    is_awake: threading.Event = field(default_factory=threading.Event)

    def heard(self) -> list[Asked]:
        """Return what it was asked since the last time, and forget it."""
        heard, self.asked = self.asked, []
        return heard


@pytest.fixture
def server() -> Iterator[CacheServer]:
    """A cache that purges whatever it is asked to."""
    server = CacheServer()
    server.is_awake.set()

    class Handler(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            server.is_awake.wait(20)
            self.send_response(server.status)
            for name, value in {"Content-Length": str(len(server.body)), **server.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(server.body)

        do_POST = do_GET = do_PURGE

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

        def handle(self) -> None:
            """Answer; whoever asked may be gone."""
            with suppress(ConnectionError):
                super().handle()

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.address = f"http://127.0.0.1:{listening.server_port}"
    yield server
    server.is_awake.set()
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def log(db: None) -> None:
    """A change log that has just begun."""
    Change.objects.all().delete()
    ChangeLog.objects.update_or_create(
        pk=1, defaults={"version": 0, "stamp": 0, "epoch": new_epoch()}
    )


@pytest.fixture
def tagged(server: CacheServer, settings: Any) -> CacheServer:
    """A cache in front, called `cdn`, that is purged by tag over HTTP."""
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {"BACKEND": f"{BACKENDS}.HttpTagBackend", "LOCATION": f"{server.address}/"}
    }
    return server


def names_of(*tags: str) -> set[str]:
    """Return the names by which a cache is asked to purge what was made of these tags."""
    folded = {name[0] for name in surrogate_keys({*tags} - {"*"})}
    return {*surrogate_keys((MANY, *tags)), *folded}
