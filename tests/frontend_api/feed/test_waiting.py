"""Whoever waits for changes is answered once there is one, and costs nobody anything until then."""

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import OperationalError

from frontend_api.feed.waiting import LongPolling

pytestmark = pytest.mark.once

Message = dict[str, Any]
PATH = "/api/v2/changes/"
SOON = 0.2


class SmallFeed:
    """An application that answers as the feed does: every second change is of the type that is asked for."""

    def __init__(self) -> None:
        self.number = 0
        self.reads = 0
        self.asked: list[dict[str, str]] = []
        self.scopes: list[Any] = []
        self.status = 200
        self.fault: Exception | None = None

    def newest(self) -> int:
        """Return the number of the newest change, as a database would."""
        self.reads += 1
        if self.fault:
            raise self.fault
        return self.number

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer at once."""
        assert (await receive())["type"] == "http.request"
        query = {name: one[0] for name, one in parse_qs(scope["query_string"].decode()).items()}
        self.asked.append(query)
        self.scopes.append(scope)
        after = int(query.get("after") or self.number)
        found = [n for n in range(after + 1, self.number + 1) if "type" not in query or n % 2 == 0]
        told = {"cursor": str(self.number), "items": [{"id": n} for n in found], "more": False}
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})


class Client:
    """Asks the application, and can leave."""

    def __init__(self, app: LongPolling, query: str, path: str = PATH, **more: Any) -> None:
        self.messages: list[Message] = []
        self._coming: asyncio.Queue[Message] = asyncio.Queue()
        self._coming.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "root_path": "",
            "query_string": query.encode(),
            "headers": [],
            **more,
        }
        self.task = asyncio.ensure_future(app(scope, self._coming.get, self._take))

    async def _take(self, message: Any) -> None:
        self.messages.append(message)

    def leave(self) -> None:
        """Close the connection."""
        self._coming.put_nowait({"type": "http.disconnect"})

    async def answer(self, within: float = 5) -> Any:
        """Return the JSON of the answer."""
        await asyncio.wait_for(self.task, within)
        return json.loads(self.messages[1]["body"])

    async def is_held(self) -> bool:
        """Return whether there is no answer for a while."""
        done, _ = await asyncio.wait({self.task}, timeout=SOON)
        return not done


@pytest.fixture
def feed() -> SmallFeed:
    """A feed without changes."""
    return SmallFeed()


def in_loop(
    feed: SmallFeed,
    scenario: Callable[[LongPolling], Awaitable[None]],
    application: Any = None,
) -> None:
    """Run something with the application around the feed, or around another that asks it."""

    async def run() -> None:
        app = LongPolling(application or feed, feed.newest, every=0.01)
        await scenario(app)
        # Nobody waits any more, so nothing is looked for.
        await asyncio.sleep(0.05)
        reads = feed.reads
        await asyncio.sleep(0.05)
        assert feed.reads == reads

    asyncio.run(run())


def test_who_waits_is_answered_once_there_is_something(feed: SmallFeed) -> None:
    async def scenario(app: LongPolling) -> None:
        clients = [Client(app, "after=0&wait=25") for _ in range(50)]
        assert await clients[0].is_held()
        assert feed.reads < 50 + 3 * SOON / 0.01
        feed.number = 1
        for client in clients:
            assert (await client.answer(1))["items"] == [{"id": 1}]

    in_loop(feed, scenario)


def test_what_is_there_already_is_told_at_once(feed: SmallFeed) -> None:
    async def scenario(app: LongPolling) -> None:
        feed.number = 3
        assert len((await Client(app, "after=1&wait=25").answer(1))["items"]) == 2

    in_loop(feed, scenario)


def test_what_comes_while_the_question_is_answered_is_not_missed(feed: SmallFeed) -> None:
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await feed(scope, receive, send)
        feed.number = 1

    async def scenario(app: LongPolling) -> None:
        assert (await Client(app, "after=0&wait=25").answer(1))["items"] == [{"id": 1}]

    in_loop(feed, scenario, slow)


def test_nothing_comes_in_the_time(feed: SmallFeed) -> None:
    async def scenario(app: LongPolling) -> None:
        client = Client(app, "after=0&wait=1")
        assert await client.is_held()
        assert await client.answer(2) == {"cursor": "0", "items": [], "more": False}

    in_loop(feed, scenario)


def test_changes_that_are_not_asked_for_are_passed_over(feed: SmallFeed) -> None:
    async def scenario(app: LongPolling) -> None:
        client = Client(app, "type=x%20y&after=0&wait=25")
        feed.number = 1
        assert await client.is_held()
        feed.number = 2
        assert (await client.answer(1))["items"] == [{"id": 2}]
        assert feed.asked[-1] == {"type": "x y", "after": "1", "wait": "25"}

    in_loop(feed, scenario)


def test_who_leaves_waits_no_more(feed: SmallFeed) -> None:
    async def scenario(app: LongPolling) -> None:
        client = Client(app, "after=0&wait=25")
        assert await client.is_held()
        client.leave()
        await asyncio.wait_for(client.task, 1)
        assert client.messages == []

    in_loop(feed, scenario)


def test_no_more_are_held_than_the_setting_says(feed: SmallFeed, settings: Any) -> None:
    settings.FRONTEND_API = {"CHANGES_WAITING_MAX": 1}

    async def scenario(app: LongPolling) -> None:
        first = Client(app, "after=0&wait=25")
        assert await first.is_held()
        assert (await Client(app, "after=0&wait=25").answer(1))["items"] == []
        first.leave()
        await first.task
        third = Client(app, "after=0&wait=25")
        assert await third.is_held()
        third.leave()
        await third.task

    in_loop(feed, scenario)


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("after=0", {}),
        ("after=0&wait=0", {}),
        ("after=0&wait=26", {}),
        ("after=0&wait=x", {}),
        ("after=0&wait=5&wait=5", {}),
        ("wait=25", {}),
        ("after=0&wait=25", {"method": "HEAD"}),
        ("after=0&wait=25", {"path": "/api/v2/pages/"}),
        ("after=0&wait=25", {"headers": [(b"content-length", b"3")]}),
    ],
)
def test_all_else_is_passed_on_as_it_is(feed: SmallFeed, query: str, more: dict[str, Any]) -> None:
    async def scenario(app: LongPolling) -> None:
        await Client(app, query, **{"path": PATH, **more}).answer(1)
        assert feed.scopes[0]["query_string"] == query.encode()
        assert feed.reads == 0

    in_loop(feed, scenario)


def test_below_another_path_too(feed: SmallFeed) -> None:
    async def scenario(app: LongPolling) -> None:
        client = Client(app, "after=0&wait=25", path=f"/below{PATH}", root_path="/below")
        assert await client.is_held()
        feed.number = 1
        assert (await client.answer(1))["items"]

    in_loop(feed, scenario)


@pytest.mark.parametrize("status", [400, 410, 500])
def test_what_is_wrong_is_said_at_once(feed: SmallFeed, status: int) -> None:
    async def scenario(app: LongPolling) -> None:
        feed.status = status
        client = Client(app, "after=0&wait=25")
        await client.answer(1)
        assert client.messages[0]["status"] == status

    in_loop(feed, scenario)


def test_with_the_database_away_the_application_says_so(
    feed: SmallFeed, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(app: LongPolling) -> None:
        client = Client(app, "after=0&wait=25")
        assert await client.is_held()
        feed.fault = OperationalError("It is away.")
        feed.status = 503
        await client.answer(1)
        assert client.messages[0]["status"] == 503
        # As one that begins to wait then.
        await Client(app, "after=0&wait=25").answer(1)

    in_loop(feed, scenario)
    assert "cannot be read" in caplog.text


def test_the_application_is_asked_for_a_form_that_can_be_looked_into(feed: SmallFeed) -> None:
    async def scenario(app: LongPolling) -> None:
        sent = [(b"accept-encoding", b"gzip"), (b"host", b"x"), (b"if-none-match", b'"e"')]
        client = Client(app, "after=0&wait=1", headers=sent)
        await client.answer(2)
        assert [scope["headers"] for scope in feed.scopes] == [[(b"host", b"x")]] * 2

    in_loop(feed, scenario)


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """Which signals the server has heard."""
    numbers: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGTERM, before)


def test_when_the_process_ends_all_are_answered_first(feed: SmallFeed, heard: list[int]) -> None:
    server = signal.getsignal(signal.SIGTERM)

    async def scenario(app: LongPolling) -> None:
        clients = [Client(app, "after=0&wait=25") for _ in range(3)]
        assert await clients[0].is_held()
        signal.raise_signal(signal.SIGTERM)
        for client in clients:
            assert (await client.answer(1))["items"] == []
        assert heard == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is server
        # Nobody is held in a process that ends.
        await Client(app, "after=0&wait=25").answer(1)

    in_loop(feed, scenario)
