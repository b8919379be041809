"""The WSGI application behind an ASGI server: as through WSGI, and no thread is held by a client."""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

import pytest

from cms import bodies, wsgi_in_threads
from cms.lanes import GIVES_WAY, Lane, Lanes
from cms.wsgi_in_threads import InThreads

pytestmark = pytest.mark.once

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/é/",
    "query_string": "q=é".encode(),
    "http_version": "1.1",
    "scheme": "https",
    "server": ("cms.example.org", 443),
    "client": ("192.0.2.1", 5000),
    "headers": [],
}


class OneLane(Lanes):
    """One thread for everything."""

    def of(self, scope: Any) -> Lane:
        """Return the lane of logins, which has one."""
        return self.logins


def receiver(*parts: bytes, ends: bool = True) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Return what gives a body in parts, after which the client leaves unless it has ended."""
    left = list(parts)

    async def receive() -> dict[str, Any]:
        if not left:
            return {"type": "http.disconnect"}
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left) or not ends}

    return receive


def asked(application: Any, *body: bytes, ends: bool = True, **scope: Any) -> list[Any]:
    """Return the messages of an answer."""
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    asyncio.run(
        InThreads(application, OneLane())(
            {**SCOPE, **scope}, receiver(*body or (b"",), ends=ends), send
        )
    )
    return messages


class Echo:
    """An application that keeps what it is asked, and answers in parts."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = parts
        self.environ: dict[str, Any] = {}
        self.body = b""
        self.is_closed = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.environ, self.body = environ, environ["wsgi.input"].read()
        start_response("201 Created", [("Content-Type", "text/plain")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield from self.parts

    def close(self) -> None:
        self.is_closed.set()


def test_a_request_is_put_as_wsgi_has_it() -> None:
    echo = Echo(b"a", b"b")
    headers = [
        (b"content-type", b"text/plain"),
        (b"content-length", b"9"),
        (b"accept", b"a"),
        (b"accept", b"b"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"x_forwarded_proto", b"https"),
    ]
    start, body = asked(echo, b"some", b"thing", headers=headers, root_path="")
    assert start == {
        "type": "http.response.start",
        "status": 201,
        "headers": [(b"content-type", b"text/plain")],
    }
    assert body == {"type": "http.response.body", "body": b"ab"}
    assert echo.is_closed.is_set()
    assert echo.body == b"something"
    strings = {name: value for name, value in echo.environ.items() if name.isupper()}
    assert strings == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/Ã©/",
        "QUERY_STRING": "q=Ã©",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "cms.example.org",
        "SERVER_PORT": "443",
        "REMOTE_ADDR": "192.0.2.1",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "9",
        "HTTP_ACCEPT": "a,b",
        "HTTP_COOKIE": "a=1; b=2",
    }
    assert echo.environ["wsgi.url_scheme"] == "https"


def test_a_path_below_which_it_is_served_is_not_a_part_of_the_address() -> None:
    echo = Echo()
    asked(echo, path="/cms/pages/", root_path="/cms")
    assert (echo.environ["SCRIPT_NAME"], echo.environ["PATH_INFO"]) == ("/cms", "/pages/")


def test_a_long_answer_comes_in_parts() -> None:
    echo = Echo(*[b"x" * wsgi_in_threads.PART] * 2, b"end")
    _, *parts = asked(echo)
    assert b"".join(part["body"] for part in parts) == b"".join(echo.parts)
    assert [part.get("more_body", False) for part in parts] == [True, True, False]
    assert echo.is_closed.is_set()


def test_whoever_leaves_while_sending_takes_no_thread() -> None:
    echo = Echo()
    assert asked(echo, b"some", ends=False) == []
    assert not echo.environ


def test_a_body_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi_in_threads, "LARGEST_OF_STRANGERS", 10)
    echo = Echo()
    start, _ = asked(echo, b"12345678", b"90ab", b"never asked for", ends=False)
    assert start["status"] == 413
    assert not echo.environ


async def answer(in_threads: InThreads, receive: Any = None, **scope: Any) -> int:
    """Return the status of an answer."""
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    await in_threads({**SCOPE, **scope}, receive or receiver(b""), send)
    return int(messages[0]["status"])


def read(path: str = "/api/v2/site/", **scope: Any) -> dict[str, Any]:
    return {"method": "GET", "path": path, "query_string": b"", **scope}


SESSION = {"headers": [(b"cookie", b"a=1; sessionid=abc")]}


class Stuck:
    """An application that waits until it may go on, but for reads of some addresses."""

    def __init__(self, free: str = "/api/v2/") -> None:
        self.may_go_on = threading.Event()
        self._free = free

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_free = environ["PATH_INFO"].startswith(self._free)
        if not is_free or environ["REQUEST_METHOD"] == "POST":
            self.may_go_on.wait(30)
        start_response("200 OK", [])
        return [b"done"]


@pytest.mark.parametrize(
    "slow",
    [
        {"path": "/admin/login/"},
        {"path": "/admin/login/", **SESSION},
        {"path": "/api/v2/site/"},
        {"path": "/admin/images/add/", **SESSION},
        read("/admin/pages/4/", **SESSION),
        read("/documents/1/a.pdf"),
    ],
    ids=lambda scope: f"{scope.get('method', 'POST')} {scope['path']}",
)
def test_reads_of_the_api_wait_for_nothing_else(slow: dict[str, Any]) -> None:
    stuck = Stuck()

    async def scenario() -> None:
        in_threads = InThreads(stuck, Lanes())
        waiting = [asyncio.ensure_future(answer(in_threads, **slow)) for _ in range(20)]
        assert await asyncio.wait_for(answer(in_threads, **read()), 10) == 200
        assert not any(one.done() for one in waiting)
        stuck.may_go_on.set()
        assert await asyncio.wait_for(asyncio.gather(*waiting), 10) == [200] * 20

    asyncio.run(scenario())


def test_editors_wait_for_no_login_of_strangers() -> None:
    stuck = Stuck(free="/admin/pages/")

    async def scenario() -> None:
        in_threads = InThreads(stuck, Lanes())
        waiting = [asyncio.ensure_future(answer(in_threads)) for _ in range(20)]
        edited = answer(in_threads, **read("/admin/pages/", **SESSION))
        assert await asyncio.wait_for(edited, 10) == 200
        stuck.may_go_on.set()
        await asyncio.gather(*waiting)

    asyncio.run(scenario())


def test_where_too_many_wait_the_next_is_told_to_come_again() -> None:
    stuck = Stuck()
    answers: list[Any] = []

    async def scenario() -> None:
        lanes = OneLane()
        lanes.logins = Lane("logins", threads=1, waiting=2)
        in_threads = InThreads(stuck, lanes)
        waiting = [asyncio.ensure_future(answer(in_threads)) for _ in range(3)]
        await asyncio.sleep(0.1)

        async def send(message: Any) -> None:
            answers.append(message)

        await in_threads(SCOPE, receiver(b""), send)
        stuck.may_go_on.set()
        assert await asyncio.gather(*waiting) == [200] * 3
        assert await answer(in_threads) == 200

    asyncio.run(scenario())
    assert answers[0]["status"] == 503
    assert dict(answers[0]["headers"])[b"retry-after"] == b"2"


def test_who_sends_slowly_holds_no_thread_and_in_the_end_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.2)
    monkeypatch.setattr(bodies, "MOST", 200)
    echo = Echo(b"done")

    async def scenario() -> None:
        in_threads = InThreads(echo, Lanes())

        def slowly() -> Any:
            begun: list[bool] = []

            async def receive() -> Any:
                if begun:
                    await asyncio.Event().wait()
                begun.append(True)
                return {"type": "http.request", "body": b"x", "more_body": True}

            return receive

        slow = [asyncio.ensure_future(answer(in_threads, slowly())) for _ in range(200)]
        await asyncio.sleep(0)
        # So many are the most; and all of them together hold no thread.
        assert await answer(in_threads) == 503
        assert not echo.environ
        assert set(await asyncio.gather(*slow)) == {408}
        assert await answer(in_threads) == 201

    asyncio.run(scenario())


def test_all_bodies_share_the_room_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES", 10)
    in_threads = InThreads(Echo(b"done"), Lanes())

    async def scenario() -> None:
        assert await answer(in_threads, receiver(b"12345678901")) == 503
        for _ in range(3):
            assert await answer(in_threads, receiver(b"1234567890")) == 201

    asyncio.run(scenario())


def test_what_the_application_raises_is_raised_and_the_next_is_answered() -> None:
    def application(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked(application)


def test_a_client_that_leaves_in_the_middle_of_an_answer_ends_it_and_frees_its_thread() -> None:
    echo = Echo(*[b"x" * wsgi_in_threads.PART] * 50)

    async def scenario() -> None:
        in_threads = InThreads(echo, OneLane())
        stuck = asyncio.Event()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                stuck.set()
                await asyncio.Event().wait()

        request = asyncio.ensure_future(in_threads(SCOPE, receiver(b""), send))
        await stuck.wait()
        # Its thread is free for others while it does not read.
        second: list[Any] = []

        async def keep(message: Any) -> None:
            second.append(message)

        await asyncio.wait_for(in_threads(SCOPE, receiver(b""), keep), 10)
        assert len(second) > 50
        echo.is_closed.clear()
        request.cancel()
        assert await asyncio.to_thread(echo.is_closed.wait, 10)

    asyncio.run(scenario())


def test_the_server_is_told_that_it_may_begin_and_end() -> None:
    said: list[str] = []

    async def scenario() -> None:
        events = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive() -> Any:
            return {"type": next(events)}

        async def send(message: Any) -> None:
            said.append(message["type"])

        await InThreads(Echo(), OneLane())({"type": "lifespan"}, receive, send)

    asyncio.run(scenario())
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_threads_of_lanes_give_way_soon_to_whoever_answers_hits() -> None:
    before = sys.getswitchinterval()
    try:
        Lanes()
        assert sys.getswitchinterval() == pytest.approx(GIVES_WAY)
    finally:
        sys.setswitchinterval(before)
