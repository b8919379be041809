"""Many wait for changes at one server, and it answers everybody else as if they did not."""

import asyncio
import socket
import statistics
import time
from collections.abc import Iterator

import httpx
import pytest
from django.conf import settings

from .asking import Place, get, publish
from .servers import end, free_port, start

WAITING = 50


class Server:
    """A CMS that is served through ASGI, and can be asked to end."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.process = start(
            "asgi", self.port, "cms.asgi:application", "/api/v2/site/", environment
        )

    def pace(self) -> float:
        """Return the median time, in seconds, in which it answers."""
        times = []
        for _ in range(40):
            began = time.perf_counter()
            assert get(self.port, "insights/")[0] == 200
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    def client(self) -> httpx.AsyncClient:
        """Return a client with as many connections as are needed."""
        limits = httpx.Limits(max_connections=None)
        return httpx.AsyncClient(
            base_url=f"http://localhost:{self.port}/api/v2/", limits=limits, timeout=40
        )


@pytest.fixture
def server(place: Place) -> Iterator[Server]:
    """A server that holds no more than are needed here."""
    server = Server({**place.environment, "CHANGES_WAITING_MAX": str(WAITING)})
    yield server
    end(server.process)


async def waiting(client: httpx.AsyncClient, count: int) -> list[asyncio.Task[httpx.Response]]:
    """Return requests that the server holds."""
    cursor = (await client.get("changes/")).json()["cursor"]
    asked = [
        asyncio.create_task(client.get("changes/", params={"after": cursor, "wait": 25}))
        for _ in range(count)
    ]
    done, _ = await asyncio.wait(asked, timeout=3)
    assert not done
    return asked


def test_others_are_answered_meanwhile_and_a_publish_answers_all(
    server: Server, place: Place
) -> None:
    alone = server.pace()
    key = next(iter(place.pages))

    async def scenario() -> None:
        async with server.client() as client:
            asked = await waiting(client, WAITING)
            beside = await asyncio.to_thread(server.pace)
            # Those who wait are looked after twice a second, not in each request.
            assert beside < 2 * alone + 0.01
            assert not any(one.done() for one in asked)
            # One more than are held is answered at once.
            began = time.monotonic()
            cursor = (await client.get("changes/")).json()["cursor"]
            more = await client.get("changes/", params={"after": cursor, "wait": 25})
            assert more.json()["items"] == []
            assert time.monotonic() - began < 5
            # What it takes to answer as many who do not wait, on this machine and as busy as it is.
            began = time.monotonic()
            asks = {"after": cursor}
            await asyncio.gather(*(client.get("changes/", params=asks) for _ in asked))
            answering = time.monotonic() - began
            assert await asyncio.to_thread(publish, server.port, place, key, 1)
            began = time.monotonic()
            answers = await asyncio.gather(*asked)
            assert time.monotonic() - began < 1 + answering
            for answer in answers:
                told = answer.json()
                assert [item["id"] for item in told["items"]] == [key]
                assert answer.headers["Cache-Control"] == "no-store"

    asyncio.run(scenario())


def test_who_leaves_makes_room_and_who_is_there_when_it_ends_is_answered(server: Server) -> None:
    async def scenario() -> None:
        async with server.client() as client:
            for one in await waiting(client, WAITING):
                one.cancel()
        async with server.client() as client:
            asked = await waiting(client, WAITING)
            server.process.terminate()
            began = time.monotonic()
            for answer in await asyncio.gather(*asked):
                assert answer.json()["items"] == []
            await asyncio.to_thread(server.process.wait)
            assert time.monotonic() - began < 10

    asyncio.run(scenario())


def status(port: int, line: bytes, *headers: bytes) -> int:
    """Send a request as it is written, and return the status of the answer."""
    with socket.create_connection(("localhost", port), timeout=30) as connection:
        head = [line + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
        connection.sendall(b"\r\n".join(head) + b"\r\n\r\n")
        with connection.makefile("rb") as answer:
            return int(answer.readline().split()[1])


def test_what_is_odd_is_answered_as_through_wsgi(server: Server, place: Place) -> None:
    # A query that is not in ASCII, as some clients send it, and paths that are no text.
    assert status(server.port, "GET /api/v2/pages/find/?html_path=/é/".encode()) == 404
    assert status(server.port, "GET /api/v2/pages/?é=1".encode()) == 400
    assert status(server.port, b"GET /api/v2/%ff/") == 404
    # Cookies in several headers, as HTTP/2 allows.
    session = f"Cookie: {settings.SESSION_COOKIE_NAME}={place.session}".encode()
    assert status(server.port, b"GET /admin/", b"Cookie: other=1", session) == 200
    assert status(server.port, b"GET /admin/", b"Cookie: other=1") == 302
