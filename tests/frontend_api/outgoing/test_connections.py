"""A connection goes to a public address, or to a host that the operator names, and ends with its limits."""

import time

import httpcore
import pytest

from frontend_api.outgoing import addresses, connections
from frontend_api.outgoing.addresses import NotPublic
from frontend_api.outgoing.connections import Limits, PublicInternet, TooMuch

pytestmark = pytest.mark.once


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that would be connected to; every name is that of this machine."""
    asked: list[str] = []

    def connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
        asked.append(address)
        raise httpcore.ConnectError

    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["127.0.0.1"])
    monkeypatch.setattr(connections, "connect", connect)
    return asked


def limits(seconds: float = 5) -> Limits:
    return Limits(time.monotonic() + seconds, 10)


def test_what_is_inside_is_reached_by_the_name_that_the_operator_gave_alone(
    asked: list[str],
) -> None:
    with pytest.raises(httpcore.ConnectError):
        PublicInternet(limits(), {"builder"}).connect_tcp("builder", 80)
    assert asked == ["127.0.0.1"]
    for name in ("Builder", "builder.", "x.builder", "127.0.0.1"):
        with pytest.raises(NotPublic):
            PublicInternet(limits(), {"builder"}).connect_tcp(name, 80)
    assert len(asked) == 1


def test_the_limits_are_for_all_of_it() -> None:
    over = limits(-1)
    with pytest.raises(httpcore.ReadTimeout):
        over.seconds()
    few = limits()
    few.count(b"x" * 128 * 1024)
    few.count(b"x" * 10)
    with pytest.raises(TooMuch):
        few.count(b"x")
