"""A worker does not wait without end for a PostgreSQL that has fallen silent, and goes on once one answers."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from cms.background.worker import Worker
from frontend_api.changes.enqueueing import enqueue
from tests.cms.background import work
from tests.threads import Elsewhere

pytestmark = [
    pytest.mark.skipif(settings.TEST_DATABASE != "postgres", reason="It is about PostgreSQL."),
    pytest.mark.skipif(bool(settings.TEST_SERVER_URL), reason="The server is not ours to stop."),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("queue"),
]


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """Stop the process of the server that serves one connection."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def test_a_worker_goes_on_once_there_is_a_server_that_answers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(connection.settings_dict, "ANSWER_TIMEOUT", 1)
    enqueue(work.note, "a")

    def run() -> None:
        worker = Worker(batch=True)
        claim = worker._claimed
        stops = [True]

        def claimed() -> object:
            if not stops:
                return claim()
            stops.clear()
            with connection.cursor() as cursor:
                # Django looks whether a connection can be used before its first query, and makes another one if not.
                cursor.execute("SELECT 1")
            with stopped(connection.connection.info.backend_pid):
                return claim()

        monkeypatch.setattr(worker, "_claimed", claimed)
        worker.run()

    Elsewhere(run).join()
    assert work.done == ["a"]
    assert "The database cannot be used, and is asked again" in caplog.text
    assert "has not answered for 1 seconds" in caplog.text
