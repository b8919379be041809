"""A server of PostgreSQL that accepts and never answers is given up in time, and readers are told to come again."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.test import Client

from frontend_api.caching.responses import lookup
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.errors import is_outage
from frontend_api.postgresql.base import DatabaseWrapper
from frontend_api.postgresql.silence import answering_within
from tests import postgres
from tests.configure import configure
from tests.conftest import RUN_FOLDER
from tests.factories import ProgrammePageFactory
from tests.frontend_api.caching.scene import Asking

pytestmark = [
    pytest.mark.skipif(configured.TEST_DATABASE != "postgres", reason="It is about PostgreSQL."),
    pytest.mark.skipif(bool(configured.TEST_SERVER_URL), reason="The server is not ours to stop."),
]


def processes_of(server: postgres.Server) -> list[int]:
    """Return the processes of a server, its own first."""
    own = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
    return [own, *map(int, children)]


@contextmanager
def stopped(processes: list[int]) -> Iterator[None]:
    """Stop processes, which is not to end them: their sockets are open, and nobody reads what comes."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@contextmanager
def taking(at_least: float, at_most: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert at_least <= time.monotonic() - began <= at_most


@pytest.fixture
def server(request: pytest.FixtureRequest, process_name: str) -> Iterator[postgres.Server]:
    """A whole server of our own."""
    # Its account may pass through this folder, as that of the server of all tests does, but not through pytest's.
    server = postgres.Server(request.config.stash[RUN_FOLDER] / f"silent-{process_name}")
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.django_db
def test_a_server_that_is_stopped_is_given_up(server: postgres.Server) -> None:
    place = {"NAME": "postgres", "USER": postgres.SUPERUSER, "HOST": str(server.socket_folder)}
    settings = {**connection.settings_dict, **place, "ANSWER_TIMEOUT": 1}
    mine = DatabaseWrapper({**settings, "OPTIONS": {"connect_timeout": 2}}, "mine")
    silence = pytest.raises(OperationalError, match="has not answered for 1 seconds")
    with silence, taking(1, 6), mine.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    assert not mine.is_usable()
    mine.close()
    mine.ensure_connection()
    with stopped(processes_of(server)):
        with pytest.raises(OperationalError) as caught, taking(1, 6), mine.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert is_outage(caught.value)
        mine.close()
        with pytest.raises(OperationalError) as caught, taking(1, 8):
            mine.ensure_connection()
        assert is_outage(caught.value)
    # It is a connection as any other, once there is a server again.
    with mine.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    with stopped(processes_of(server)), taking(1, 6):
        assert not mine.is_usable()
    mine.close()


@pytest.fixture
def silent(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Stop the process that serves our connection, and accept new ones without a word."""
    configure(settings, STATEMENT_TIMEOUT=1)
    monkeypatch.setattr(lookup, "_database", lookup._Database())
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "connect_timeout", 2)

    @contextmanager
    def silent() -> Iterator[None]:
        connection.ensure_connection()
        before = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            elsewhere = {"HOST": "127.0.0.1", "PORT": nobody.getsockname()[1]}
            with stopped([connection.connection.info.backend_pid]):
                connection.settings_dict.update(elsewhere)
                try:
                    yield
                finally:
                    connection.close()
                    connection.settings_dict.update(before)

    return silent


@pytest.mark.usefixtures("quiet")
def test_readers_are_told_to_come_again_soon(silent: Any, settings: Any) -> None:
    page = ProgrammePageFactory()
    configure(settings, STALE_IF_ERROR=60)
    ask = Asking(ResponseCache(get_wsgi_application()))
    kept, other = f"/api/v2/pages/{page.pk}/", "/api/v2/site/"
    fresh = ask(kept)
    with silent():
        # The row of the change log is not waited for, nor is a new connection.
        with taking(2, 12):
            answer = ask(other)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert json.loads(answer.body)["detail"].startswith("The database cannot be reached")
        # For as long as that took, nobody else has to find it out.
        with taking(0, 2):
            stale = ask(kept)
        assert (stale.status, stale.body) == (200, fresh.body)
    lookup._database.rests_until = 0
    assert ask(other).status == 200


@pytest.mark.usefixtures("quiet")
def test_what_is_rendered_when_it_happens_ends_too(silent: Any) -> None:
    page = ProgrammePageFactory()
    address = f"/api/v2/pages/{page.pk}/"
    client = Client()
    assert client.get(address).status_code == 200
    with silent(), taking(2, 12):
        response = client.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert client.get(address).status_code == 200


def test_so_does_the_admin(silent: Any, admin_client: Client) -> None:
    admin_client.raise_request_exception = False
    with silent(), taking(2, 15):
        # A request begins so, but for those of the test client.
        connection.close_if_unusable_or_obsolete()
        response = admin_client.get("/admin/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert admin_client.get("/admin/").status_code == 200


def test_a_block_waits_no_longer_than_it_says_and_no_longer_than_before(db: None) -> None:
    connection.ensure_connection()
    opened = connection.connection
    assert opened.answer_timeout == 35
    with answering_within(connection, 7):
        assert opened.answer_timeout == 7
        with answering_within(connection, 9):
            assert opened.answer_timeout == 7
    with answering_within(connection, 0):
        assert opened.answer_timeout == 35
    with pytest.raises(psycopg.Error), answering_within(connection, 7):
        raise psycopg.Error
    assert opened.answer_timeout == 35
