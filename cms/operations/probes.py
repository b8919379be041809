"""Answers `livez`, `readyz` and `metrics`, before hosts are checked and plain HTTP is redirected.

- `/livez`: the process answers. Who gets no answer starts it again. Nothing else is looked at, above all no database.
- `/readyz`: requests may be sent here. It is a 503 while the database is away or older than the code; what else is not
  well is named, and changes nothing of that: all servers would be taken out at once.
- `/metrics`: for Prometheus, with the token of `METRICS_TOKEN`; without one set, there is no such address.

{"status": "ready", "facts": {"database": true, "migrations": true, "worker": false, …}}

With the token, `readyz` has each fact as {"good": false, "says": "No worker runs. …", "remedy": "python manage.py …"}.
"""

import hmac
import json
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connections
from prometheus_client import CONTENT_TYPE_LATEST

from . import metrics
from .facts.fact import Fact
from .facts.gathering import gathered

LIVEZ, READYZ, METRICS = "/livez", "/readyz", "/metrics"
PATHS = frozenset({LIVEZ, READYZ, METRICS})

LONGEST = 5
"""For how many seconds the facts are waited for. A database that hangs is not one to send requests to."""

LASTS = 1
"""For how many seconds they are told again, so that nobody can have them gathered all the time."""

JSON = "application/json"


class Reply(NamedTuple):
    """What a probe is answered."""

    status: HTTPStatus
    content_type: str
    body: bytes

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Its headers: no cache may keep it."""
        return [
            ("Content-Type", self.content_type),
            ("Content-Length", str(len(self.body))),
            ("Cache-Control", "no-store"),
        ]


class Gathering:
    """Has the facts gathered in a thread of its own, by one for all who ask at the same time."""

    def __init__(self, gather: Callable[[], list[Fact]] = gathered) -> None:
        self._gather = gather
        self._lock = threading.Lock()
        self._coming: Future[list[Fact]] | None = None
        self._until = 0.0

    def facts(self) -> "Future[list[Fact]]":
        """Return the facts, as they are now or were a second ago."""
        with self._lock:
            coming = self._coming
            if coming is not None and (not coming.done() or time.monotonic() < self._until):
                return coming
            self._coming = coming = Future()
            # The end of the process does not wait for it, nor for a database that hangs.
            threading.Thread(target=self._run, args=(coming,), name="facts", daemon=True).start()
            return coming

    def _run(self, coming: "Future[list[Fact]]") -> None:
        try:
            facts = self._gather()
        except BaseException as error:
            coming.set_exception(error)
        else:
            self._until = time.monotonic() + LASTS
            coming.set_result(facts)
        finally:
            connections.close_all()


gathering = Gathering()


def is_probe(path: str) -> bool:
    """Return whether a path is one of those that are answered here."""
    return path in PATHS and (path != METRICS or bool(settings.METRICS_TOKEN))


def refusal(path: str, method: str, authorization: str) -> Reply | None:
    """Return the answer to whoever asks for what they may not have, or in a way that there is not."""
    if method not in {"GET", "HEAD"}:
        return _told(HTTPStatus.METHOD_NOT_ALLOWED, {"status": "ask with GET"})
    if path == METRICS and not may_read(authorization):
        said = "send the token of METRICS_TOKEN: Authorization: Bearer …"
        return _told(HTTPStatus.UNAUTHORIZED, {"status": said})
    return None


def may_read(authorization: str) -> bool:
    """Return whether a header has the token, with which everything is told."""
    token = settings.METRICS_TOKEN
    expected = f"Bearer {token}".encode()
    return bool(token) and hmac.compare_digest(authorization.encode(), expected)


def alive() -> Reply:
    """Return the answer to `livez`."""
    return _told(HTTPStatus.OK, {"status": "alive"})


def answered(path: str, facts: list[Fact] | None, authorization: str) -> Reply:
    """Return the answer to `readyz` or `metrics`; None stands for facts that are not known in time."""
    if path == METRICS:
        return Reply(HTTPStatus.OK, CONTENT_TYPE_LATEST, metrics.written(facts))
    if facts is None:
        said = f"It could not be found out within {LONGEST} seconds; the database may hang."
        return _told(
            HTTPStatus.SERVICE_UNAVAILABLE, {"status": "not ready", "says": said, "facts": {}}
        )
    is_ready = all(fact.is_good for fact in facts if fact.is_vital)
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    shown = _in_full(facts) if may_read(authorization) else _in_short(facts)
    return _told(status, {"status": "ready" if is_ready else "not ready", "facts": shown})


def _in_short(facts: Iterable[Fact]) -> dict[str, Any]:
    return {fact.name: fact.is_good for fact in facts}


def _in_full(facts: Iterable[Fact]) -> dict[str, Any]:
    return {
        fact.name: {"good": fact.is_good, "says": fact.says, "remedy": fact.remedy}
        for fact in facts
    }


def _told(status: HTTPStatus, body: dict[str, Any]) -> Reply:
    return Reply(status, JSON, json.dumps(body, ensure_ascii=False).encode() + b"\n")
