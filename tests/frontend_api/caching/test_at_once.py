"""Where the database is in this process, a hit is answered in the loop, and is exact all the same."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.caching import at_once
from frontend_api.caching.asgi import ResponseCache
from frontend_api.caching.at_once import InProcess, Shared
from frontend_api.caching.responses import lookup
from frontend_api.caching.wsgi import ResponseCache as ResponseCacheBehind
from frontend_api.changes.versions import State
from tests.frontend_api.caching.scene import Asking, AtOnce, Between, Scene, change
from tests.frontend_api.caching.test_front import SCOPE, answered

TABLE = "CREATE TABLE frontend_api_changelog (id INTEGER PRIMARY KEY, version, epoch, stamp)"
ROW = "INSERT INTO frontend_api_changelog VALUES (1, 7, 'epoch', 3)"
STATE = State(7, "epoch", 3)


@pytest.mark.once
@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@given(steps=st.lists(st.sampled_from(["ask", "ask", "change", "turn"]), max_size=40))
def test_nobody_is_told_what_was_so_before_they_asked(
    new_loop: Callable[[], asyncio.AbstractEventLoop], steps: list[str]
) -> None:
    loop = new_loop()
    version = reads = 0
    begun: list[tuple[int, asyncio.Task[State | None]]] = []

    def read() -> State:
        nonlocal reads
        reads += 1
        return State(version, "", 0)

    shared = Shared(read)

    async def ask() -> State | None:
        return shared.state()

    def turn() -> None:
        loop.call_soon(loop.stop)
        loop.run_forever()

    for step in [*steps, "turn"]:
        if step == "ask":
            begun.append((version, loop.create_task(ask())))
        elif step == "change":
            version += 1
        else:
            turn()
    loop.close()
    for before, task in begun:
        state = task.result()
        assert state is not None
        assert state.version >= before
    assert reads <= steps.count("turn") + 1, "those of one turn share it"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database in a file, which the service uses, with a change log."""
    path = tmp_path / "db.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute(TABLE)
        made.execute(ROW)
    made.close()
    service: Any = DatabaseWrapper(
        {**connection.settings_dict, "ENGINE": "sqlite3", "NAME": str(path), "OPTIONS": {}}
    )
    service.connection = service.get_new_connection(service.get_connection_params())
    monkeypatch.setattr(at_once, "connections", {"default": service})
    yield path
    service.connection.close()


@pytest.fixture
def in_process() -> Iterator[InProcess]:
    """What reads, closed in the end."""
    made = InProcess()
    yield made
    made.close()


@pytest.mark.once
def test_it_reads_what_is_committed_and_waits_for_nobody(file: Path, in_process: InProcess) -> None:
    assert in_process() is None, "it is not opened yet"
    in_process.open()
    assert in_process() == STATE
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("UPDATE frontend_api_changelog SET version = 8")
    assert in_process() == STATE
    writer.execute("COMMIT")
    assert in_process() == STATE._replace(version=8)
    writer.close()


@pytest.mark.once
def test_without_a_log_written_ahead_a_thread_reads(file: Path, in_process: InProcess) -> None:
    other = sqlite3.connect(file)
    other.execute("PRAGMA journal_mode=DELETE")
    other.close()
    in_process.open()
    assert in_process() is None


@pytest.mark.once
def test_what_cannot_be_read_is_left_to_a_thread_and_then_tried_anew(
    file: Path, in_process: InProcess
) -> None:
    in_process.open()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("DELETE FROM frontend_api_changelog")
    assert in_process() is None
    other.execute("DROP TABLE frontend_api_changelog")
    assert in_process() is None
    other.execute(TABLE)
    other.execute(ROW)
    other.close()
    assert in_process() is None, "nobody has read from it since"
    in_process.open()
    assert in_process() == STATE


@pytest.mark.once
def test_what_cannot_be_opened_keeps_nobody_from_their_answer(
    file: Path, in_process: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_descriptors(*args: Any) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    with monkeypatch.context() as patched:
        patched.setattr(DatabaseWrapper, "get_new_connection", out_of_descriptors)
        in_process.open()
    assert in_process() is None
    in_process.open()
    assert in_process() == STATE


def test_any_other_database_is_read_in_a_thread(
    db: None, in_process: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict, "NAME", ":memory:")
    in_process.open()
    assert in_process() is None


@pytest.mark.once
def test_while_the_database_is_gone_a_thread_tells_whether_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lookup, "_database", lookup._Database())
    shared = Shared(lambda: STATE)

    async def read() -> State | None:
        return shared.state()

    assert asyncio.run(read()) == STATE
    last = lookup.last_known()
    assert last is not None, "what is served as stale is counted from here"
    assert last.state == STATE
    monkeypatch.setattr(lookup._database, "outage", sqlite3.OperationalError())
    assert asyncio.run(read()) is None


def test_a_hit_that_is_remembered_takes_no_thread_until_something_changes(scene: Scene) -> None:
    Asking(ResponseCacheBehind(get_wsgi_application()))()
    asked: list[int] = []

    class Counted(Between):
        def submit(self, *args: Any, **kwargs: Any) -> Any:
            asked.append(1)
            return super().submit(*args, **kwargs)

    between = Counted()

    async def pass_on(scope: Any, receive: Any, send: Any) -> None:
        pass

    front = ResponseCache(pass_on, between, AtOnce())
    assert answered(front, between, [SCOPE]) == [200]
    assert len(asked) == 1
    for many in (1, 50):
        with CaptureQueriesContext(connection) as read:
            assert answered(front, between, [SCOPE] * many) == [200] * many
        assert len(read) == 1
    assert len(asked) == 1
    change("page:2")
    assert answered(front, between, [SCOPE] * 50) == [200] * 50
    assert len(asked) == 2
    change("page:1")
    assert answered(front, between, [SCOPE]) == [None]
