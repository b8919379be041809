"""What the tests of probes and of observation share."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from cms.operations import metrics, probes, requests
from cms.operations.probes import Gathering
from cms.operations.request_log import RequestLog
from cms.operations.tally import Tally
from tests.cms.operations.served import Ask, through_asgi, through_wsgi

TOKEN = "a-token-for-these-tests-alone"


@pytest.fixture(params=[through_wsgi, through_asgi], ids=["wsgi", "asgi"])
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Ask the service, once through WSGI and once through ASGI."""
    yield request.param
    connections.close_all()


@pytest.fixture(autouse=True)
def own_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    """Nothing that other tests have counted or gathered."""
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(metrics, "tally", Tally(tmp_path / "metrics"))
    monkeypatch.setattr(probes, "gathering", Gathering())


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[[], str]]:
    """Have every request logged; gives what was written so far."""
    settings.REQUEST_LOG = requests.ALL
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    log = RequestLog(writing)
    monkeypatch.setattr(requests, "log", log)

    def read() -> str:
        log.flush()
        return os.read(reading, 65536).decode()

    yield read
    log.flush()
    os.close(writing)
    os.close(reading)
