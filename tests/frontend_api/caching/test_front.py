"""The front answers many hits at one read of the version, which none of them came after; all else it passes on."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.caching import asgi
from frontend_api.caching.asgi import ResponseCache
from frontend_api.caching.batches import Batches
from frontend_api.caching.responses.observed import OBSERVED
from frontend_api.caching.wsgi import ResponseCache as ResponseCacheBehind
from frontend_api.errors import LONGEST_QUERY
from tests.frontend_api.caching.scene import Asking, BehindFront, Between, InThreads, Scene, change

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/api/v2/thing/",
    "root_path": "",
    "query_string": b"",
    "scheme": "http",
    "server": ("127.0.0.1", 80),
    "headers": [(b"host", b"testserver")],
}


@pytest.mark.once
@given(st.lists(st.sampled_from(["ask", "ask", "change", "turn", "answer"]), max_size=40))
def test_nobody_is_told_what_was_so_before_they_asked(steps: list[str]) -> None:
    between, loop = Between(), asyncio.new_event_loop()
    version = 0
    begun: list[tuple[int, asyncio.Task[int]]] = []
    read: list[int] = []

    def answer(asked: Sequence[str]) -> list[int]:
        read.append(len(asked))
        return [version] * len(asked)

    batches: Batches[str, int] = Batches(answer, between)

    def turn() -> None:
        loop.call_soon(loop.stop)
        loop.run_forever()

    for step in steps:
        if step == "ask":
            begun.append((version, loop.create_task(batches.answer("what is it"))))
        elif step == "change":
            version += 1
        elif step == "turn":
            turn()
        else:
            between.act()
    while not all(task.done() for _, task in begun):
        turn()
        between.act()
    loop.close()
    assert all(task.result() >= before for before, task in begun)
    assert sum(read) == len(begun), "each is answered once"


@pytest.mark.once
def test_what_goes_wrong_is_told_to_all_who_asked_and_to_nobody_after() -> None:
    wrong = [True]

    def answer(asked: Sequence[str]) -> Sequence[str]:
        if wrong:
            wrong.clear()
            raise ZeroDivisionError
        return asked

    between = Between()
    batches: Batches[str, str] = Batches(answer, between)

    async def scenario() -> None:
        both = [asyncio.ensure_future(batches.answer("a")) for _ in range(2)]
        await asyncio.sleep(0)
        # One of those who ask has left meanwhile.
        gone = asyncio.ensure_future(batches.answer("b"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        between.act()
        gone.cancel()
        got = await asyncio.wait_for(asyncio.gather(*both, return_exceptions=True), 10)
        assert [type(one) for one in got] == [ZeroDivisionError] * 2
        last = asyncio.ensure_future(batches.answer("c"))
        for _ in range(10):
            await asyncio.sleep(0)
            between.act()
        assert await asyncio.wait_for(last, 10) == "c"

    asyncio.run(scenario())


def answered(front: ResponseCache, between: Between, scopes: list[dict[str, Any]]) -> list[Any]:
    """Ask all at once, and return the status of each answer, or None where it was passed on."""
    loop = asyncio.new_event_loop()
    sent: list[list[Any]] = [[] for _ in scopes]

    def sender(to: list[Any]) -> Callable[[Any], Any]:
        async def send(message: Any) -> None:
            to.append(message)

        return send

    async def receive() -> Any:
        raise AssertionError("Nothing of a hit is received.")

    tasks = [
        loop.create_task(front(scope, receive, sender(to)))
        for scope, to in zip(scopes, sent, strict=True)
    ]
    while not all(task.done() for task in tasks):
        loop.call_soon(loop.stop)
        loop.run_forever()
        between.act()
    loop.close()
    for task in tasks:
        task.result()
    return [messages[0]["status"] if messages else None for messages in sent]


@pytest.fixture
def between() -> Between:
    """What stands in for the thread of the front."""
    return Between()


@pytest.fixture
def front(scene: Scene, between: Between) -> ResponseCache:
    """A front before which `/api/v2/thing/` is kept."""
    Asking(ResponseCacheBehind(get_wsgi_application()))()

    async def pass_on(scope: Any, receive: Any, send: Any) -> None:
        pass

    return ResponseCache(pass_on, between, InThreads())


def test_those_who_come_together_share_one_read_of_the_version(
    front: ResponseCache, between: Between
) -> None:
    for many in (1, 50):
        with CaptureQueriesContext(connection) as read:
            assert answered(front, between, [SCOPE] * many) == [200] * many
        assert len(read) == 1


def test_what_has_changed_is_passed_on(front: ResponseCache, between: Between) -> None:
    assert answered(front, between, [SCOPE]) == [200]
    change("page:1")
    assert answered(front, between, [SCOPE] * 3) == [None] * 3


@pytest.mark.parametrize(
    "different",
    [
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"path": "/api/v2/thing/é/"},
        {"path": "/elsewhere/"},
        {"type": "websocket"},
        {"query_string": b"token=abc"},
        {"headers": [(b"host", b"testserver"), (b"authorization", b"Bearer abc")]},
        {"headers": [(b"host", b"testserver"), (b"cookie", b"a=1; sessionid=abc")]},
        {"headers": [(b"host", b"testserver"), (b"x_forwarded_proto", b"https")]},
        {"headers": [(b"host", b"testserver"), (b"host", b"localhost")]},
        {"headers": [(b"host", b"testserver"), (b"accept", b"text/html")]},
        {"headers": [(b"host", b"nobody.example")]},
        {"scheme": "https"},
        {"server": ("127.0.0.1", 8000)},
    ],
    ids=str,
)
def test_what_is_not_certain_to_be_the_same_is_passed_on(
    front: ResponseCache, between: Between, different: dict[str, Any]
) -> None:
    # What is remembered of one must not answer the other.
    assert answered(front, between, [SCOPE, {**SCOPE, **different}, SCOPE]) == [200, None, 200]


def test_a_path_below_which_it_is_served_is_part_of_what_is_asked(
    front: ResponseCache, between: Between
) -> None:
    below = {**SCOPE, "root_path": "/cms", "path": "/cms/api/v2/thing/"}
    assert answered(front, between, [SCOPE, below]) == [200, None]


def test_too_long_a_query_is_refused_at_once(front: ResponseCache, between: Between) -> None:
    long = {**SCOPE, "query_string": b"a" * (LONGEST_QUERY + 1)}
    assert answered(front, between, [long, {**long, "path": "/elsewhere/"}]) == [414, None]


def test_what_is_remembered_of_reads_is_bounded(
    front: ResponseCache, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "MOST_REMEMBERED", 3)
    queries = [{**SCOPE, "query_string": f"page={at}".encode()} for at in range(10)]
    answered(front, between, [*queries, SCOPE])
    assert len(front._known) == 3
    long = [(b"host", b"testserver"), (b"if-none-match", b"x" * 5_000)]
    assert answered(front, between, [{**SCOPE, "headers": long}, SCOPE]) == [200, 200]
    assert len(front._known) == 3


def test_whoever_observes_is_told_of_a_hit(front: ResponseCache, between: Between) -> None:
    facts: dict[str, Any] = {}
    answered(front, between, [{**SCOPE, OBSERVED: facts}])
    assert facts == {"cache": "hit"}


def test_what_was_remembered_is_what_would_be_made_anew(scene: Scene) -> None:
    service = ResponseCacheBehind(get_wsgi_application())
    behind_front = BehindFront(service)
    through, past = Asking(behind_front), Asking(service)
    asked: list[dict[str, str]] = [
        {},
        {"Accept_Encoding": "gzip"},
        {"Accept_Encoding": "br"},
        {"If_None_Match": past().headers["ETag"]},
        {"Cache_Tag_Limit": "64"},
        {"Origin": "http://localhost"},
    ]
    for _ in range(3):
        for headers in asked:
            for method in ("GET", "HEAD"):
                expected = past(method=method, **headers)
                got = through(method=method, **headers)
                assert (got.status, got.body) == (expected.status, expected.body)
                assert {name.lower(): value for name, value in got.headers.items()} == {
                    name.lower(): value for name, value in expected.headers.items()
                }
    assert behind_front.hits == 36
    assert len(scene.asked) == 1
