"""Django in a process of its own: what is kept is answered whatever becomes of it, and nothing is lost or stale."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException

import pytest
from django.conf import settings

from .asking import Place, get, publish
from .servers import behind, children, command_of, end, free_port, start
from .test_crashes import check

KEPT = "insights/?limit=2"


class Server:
    """One worker of a server, and the process behind it."""

    def __init__(self, place: Place) -> None:
        self.port = free_port()
        environment = {**place.environment, "DJANGO_APART": "yes", "CACHE_URL": "locmemcache://"}
        self.process = start(
            "asgi",
            self.port,
            "cms.asgi:application",
            "/api/v2/site/",
            environment,
            "--respawn-failed-workers",
        )

    def front(self) -> int:
        """Return the process that answers what is kept."""
        (front,) = children(self.process)
        return front

    def behind(self) -> int | None:
        """Return the process that runs Django, unless there is none at the moment."""
        return behind(self.front())

    def one_behind(self) -> int:
        """Return the process that runs Django."""
        number = self.behind()
        assert number is not None
        return number


@pytest.fixture
def server(place: Place) -> Iterator[Server]:
    server = Server(place)
    try:
        yield server
    finally:
        end(server.process, signal.SIGKILL)


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Tell whether a server answers what it does not keep."""
    try:
        return get(port, "site/", Cookie=f"{settings.SESSION_COOKIE_NAME}=x")[0] == 200
    except (HTTPException, OSError):
        return False


def facts(port: int) -> dict[str, bool]:
    """Return the facts of a server."""
    connection = HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request("GET", "/readyz")
        told: dict[str, bool] = json.loads(connection.getresponse().read())["facts"]
        return told
    finally:
        connection.close()


def hits_are_answered_while_nothing_is_rendered_and_nothing_is_stale(
    server: Server, place: Place
) -> None:
    key = next(iter(place.pages))
    for number in range(1, 4):
        assert publish(server.port, place, key, number)
        assert f'"Title {number}"'.encode() in get(server.port, f"insights/{key}/")[1]
    kept = get(server.port, KEPT)
    number = server.one_behind()

    def is_answered_without_it() -> bool:
        os.kill(number, signal.SIGSTOP)
        try:
            return get(server.port, KEPT, timeout=2) == kept
        except TimeoutError:
            # What is kept is told in front, which may take a moment longer than the answer.
            return False
        finally:
            os.kill(number, signal.SIGCONT)

    until(is_answered_without_it)
    check(server.port, place)


def what_answers_hits_has_a_core_for_itself(server: Server) -> None:
    front, behind = server.front(), server.one_behind()
    cores = os.sched_getaffinity(front)
    assert os.sched_getaffinity(behind) == (cores - {min(cores)} or cores)
    nicer = [os.getpriority(os.PRIO_PROCESS, number) for number in (front, behind)]
    assert nicer[0] < nicer[1]


def if_it_is_killed_hits_go_on_and_another_is_started(server: Server, place: Place) -> None:
    kept = get(server.port, KEPT)
    assert facts(server.port)["rendering"]
    killed = server.one_behind()
    os.kill(killed, signal.SIGKILL)
    assert get(server.port, KEPT) == kept
    until(lambda: server.behind() not in {None, killed} and answers(server.port))
    key = next(iter(place.pages))
    assert publish(server.port, place, key, 10)
    assert b'"Title 10"' in get(server.port, f"insights/{key}/")[1]
    check(server.port, place)


def if_what_is_in_front_is_killed_it_ends_and_both_have_successors(server: Server) -> None:
    front, behind = server.front(), server.one_behind()
    os.kill(front, signal.SIGKILL)
    until(lambda: not command_of(behind))
    until(lambda: front not in children(server.process) and answers(server.port))
    assert server.one_behind() != behind


def what_was_begun_is_answered_before_both_end(server: Server) -> None:
    behind = server.one_behind()
    head = (
        "POST /admin/login/ HTTP/1.1",
        "Host: localhost",
        "Content-Length: 4",
        "Expect: 100-continue",
    )
    with socket.create_connection(("localhost", server.port), timeout=60) as client:
        client.sendall("\r\n".join([*head, "Connection: close", "", ""]).encode())
        # Somebody wants the body, so that it has been begun.
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        # As a service manager does, which tells all processes of a service.
        for number in (server.process.pid, server.front(), behind):
            os.kill(number, signal.SIGTERM)
        client.sendall(b"a=1&")
        # Whoever sends a form from nowhere is refused, by Django.
        assert client.recv(1000).startswith(b"HTTP/1.1 403 ")
    assert server.process.wait(60) == 0
    assert not command_of(behind)


def test_hits_wait_for_nobody_and_nothing_is_lost_or_stale_whichever_process_ends(
    server: Server, place: Place
) -> None:
    hits_are_answered_while_nothing_is_rendered_and_nothing_is_stale(server, place)
    what_answers_hits_has_a_core_for_itself(server)
    if_it_is_killed_hits_go_on_and_another_is_started(server, place)
    if_what_is_in_front_is_killed_it_ends_and_both_have_successors(server)
    what_was_begun_is_answered_before_both_end(server)
