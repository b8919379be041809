"""What one process hands over to another is answered as if it had answered itself, and either may be killed."""

import asyncio
import logging
import os
import signal
from ast import literal_eval
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.apart.front import HANDED_OVER, HandedOver
from cms.apart.process import Process
from frontend_api.caching.responses.observed import OBSERVED

pytestmark = pytest.mark.once

SMALL = "tests.cms.apart.small"
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "method": "POST",
    "path": "/é/",
    "root_path": "",
    "query_string": "q=é".encode(),
    "http_version": "1.1",
    "scheme": "https",
    "server": ("cms.example.org", 443),
    "client": ("192.0.2.1", 5000),
    "headers": [(b"host", b"cms.example.org")],
}

Front = Callable[..., Awaitable[tuple[int, list[Any], bytes]]]


def parts(*body: bytes, ends: bool = True) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Return what gives a body, after which the client stays, or leaves if the body has not ended."""
    left = list(body)

    async def receive() -> dict[str, Any]:
        if left:
            part = left.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(left) or not ends}
        if ends:
            await asyncio.get_running_loop().create_future()
        return {"type": "http.disconnect"}

    return receive


class Asking:
    """Asks by way of a process of its own, and knows what that has told."""

    def __init__(self, module: str = SMALL) -> None:
        self.kept: dict[str, Any] = {}
        self.process = Process(module, self.kept.__setitem__)
        self.front = HandedOver(self.process)

    async def ask(self, *body: bytes, ends: bool = True, **scope: Any) -> tuple[int, Any, bytes]:
        """Return status, headers and body of an answer; the status is 0 if there is none."""
        said: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            said.append(message)

        await self.front({**SCOPE, **scope}, parts(*body or (b"",), ends=ends), send)
        if not said:
            return 0, [], b""
        assert not said[-1].get("more_body", False)
        return said[0]["status"], said[0]["headers"], b"".join(one["body"] for one in said[1:])


@asynccontextmanager
async def asking() -> AsyncIterator[Asking]:
    """A process to ask, as long as it is needed."""
    one = Asking()
    await one.process.begin()
    assert one.process.is_there
    try:
        yield one
    finally:
        await one.process.end()
        assert not one.process.is_there


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.01)


def pid_of(one: Asking) -> int:
    """Return the number of the process that answers."""
    assert one.process.number is not None
    return one.process.number


def test_it_is_asked_what_came_and_what_it_says_goes_back() -> None:
    async def scene() -> None:
        async with asking() as one:
            observed = {"request_id": "1"}
            scope: dict[str, Any] = {OBSERVED: observed}
            status, headers, body = await one.ask(b"some", b"thing", **scope)
            assert (status, headers) == (201, SCOPE["headers"])
            told = {name: SCOPE[name] for name in HANDED_OVER}
            assert body == repr(told).encode() + b"something"
            assert observed == {"request_id": "1", "queries": 7}

    asyncio.run(scene())


header = st.tuples(st.binary(min_size=1, max_size=9), st.binary(max_size=9))


@settings(max_examples=5)
@given(
    requests=st.lists(
        st.tuples(
            st.lists(st.binary(max_size=9) | st.just(b"x" * 300_000), min_size=1, max_size=3),
            st.lists(header, max_size=3),
            st.text(max_size=9),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_many_at_once_are_each_told_their_own(requests: list[Any]) -> None:
    async def scene() -> None:
        async with asking() as one:
            answers = await asyncio.gather(
                *(
                    one.ask(*body, headers=headers, path=f"/{path}")
                    for body, headers, path in requests
                )
            )
        for (body, headers, path), (status, sent, answer) in zip(requests, answers, strict=True):
            assert (status, sent) == (201, headers)
            sent_back = b"".join(body)
            assert answer.endswith(sent_back)
            told = literal_eval(answer.removesuffix(sent_back).decode())
            assert told["path"] == f"/{path}"

    asyncio.run(scene())


def test_more_than_it_takes_at_once_wait() -> None:
    async def scene() -> None:
        async with asking() as one:
            # It takes none meanwhile.
            os.kill(pid_of(one), signal.SIGSTOP)
            asked = [asyncio.create_task(one.ask()) for _ in range(400)]
            await asyncio.sleep(0)
            os.kill(pid_of(one), signal.SIGCONT)
            assert {status for status, _, _ in await asyncio.gather(*asked)} == {201}

    asyncio.run(scene())


def test_those_who_wait_to_be_taken_are_told_that_it_has_ended() -> None:
    async def scene() -> None:
        async with asking() as one:
            os.kill(pid_of(one), signal.SIGSTOP)
            asked = [asyncio.create_task(one.ask()) for _ in range(400)]
            await asyncio.sleep(0)
            os.kill(pid_of(one), signal.SIGKILL)
            assert {status for status, _, _ in await asyncio.gather(*asked)} == {503}

    asyncio.run(scene())


def test_what_it_keeps_is_known_in_front() -> None:
    async def scene() -> None:
        async with asking() as one:
            await one.ask(path="/keep")
            await until(lambda: bool(one.kept))
            assert one.kept == {"key": ("entry", 1)}

    asyncio.run(scene())


def test_an_answer_that_does_not_wait_for_the_body_arrives_whatever_else_is_sent() -> None:
    async def scene() -> None:
        async with asking() as one:
            for number in range(50):
                sent = [b"x" * 300_000] * (number % 4) + [b"x" * number]
                assert await one.ask(*sent, path="/refuse") == (413, [], b"Too large.")
                with pytest.raises(RuntimeError):
                    await one.ask(*sent, path="/fail")

    asyncio.run(scene())


def test_what_fails_there_fails_here_and_nothing_else_does() -> None:
    async def scene() -> None:
        async with asking() as one:
            number = pid_of(one)
            with pytest.raises(RuntimeError):
                await one.ask(path="/fail")
            assert (await one.ask())[0] == 201
            assert pid_of(one) == number

    asyncio.run(scene())


@pytest.mark.parametrize("path", ["/die", "/half"])
def test_if_it_is_killed_whoever_asks_hears_of_it_and_another_is_started(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with asking() as one:
            killed = pid_of(one)
            if path == "/half":
                # Part of the answer has gone out; all that is left is to break it off.
                with pytest.raises(ConnectionError):
                    await one.ask(path=path)
            else:
                status, headers, body = await one.ask(path=path)
                assert status == 503
                assert dict(headers)[b"retry-after"] == b"2"
                assert b"being started again" in body
            await until(lambda: one.process.is_there and one.process.number != killed)
            assert (await one.ask())[0] == 201

    with caplog.at_level(logging.ERROR):
        asyncio.run(scene())
    assert [record.getMessage() for record in caplog.records] == [
        "The process that runs Django has ended (-9); it is started again."
    ]


def test_who_leaves_is_not_answered_and_what_was_begun_for_them_ends(tmp_path: Path) -> None:
    async def scene() -> None:
        async with asking() as one:
            assert (await one.ask(b"so", b"me", ends=False))[0] == 0
            waiting = asyncio.create_task(
                one.ask(path="/wait", query_string=str(tmp_path).encode())
            )
            await until((tmp_path / "begun").exists)
            waiting.cancel()
            await until((tmp_path / "left").exists)

    asyncio.run(scene())


def test_it_answers_what_it_has_begun_and_obeys_no_signal_but_the_end_of_what_is_in_front(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        async with asking() as one:
            number = pid_of(one)
            waiting = asyncio.create_task(
                one.ask(path="/wait", query_string=str(tmp_path).encode())
            )
            await until((tmp_path / "begun").exists)
            for name in (signal.SIGTERM, signal.SIGINT):
                os.kill(number, name)
            ending = asyncio.create_task(one.process.end())
            await asyncio.sleep(0)
            assert (await one.ask())[0] == 503
            (tmp_path / "go on").touch()
            assert (await waiting)[0] == 201
            await ending
            assert not Path(f"/proc/{number}").exists()

    asyncio.run(scene())


def test_a_server_does_not_start_without_it() -> None:
    async def scene() -> list[Any]:
        said: list[Any] = []

        async def receive() -> dict[str, str]:
            return {"type": "lifespan.startup"}

        async def send(message: Any) -> None:
            said.append(message)

        one = Asking("tests.cms.apart.there_is_none")
        await one.front({"type": "lifespan"}, receive, send)
        await one.process.end()
        return said

    assert asyncio.run(scene()) == [
        {
            "type": "lifespan.startup.failed",
            "message": "The process that runs Django does not start.",
        }
    ]
