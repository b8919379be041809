"""What several ask for at once is rendered once, and all of them get what is so after they came."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.wsgi import get_wsgi_application
from django.db import connections

from frontend_api.caching.responses import single_flight, store
from frontend_api.caching.responses.observed import OBSERVED
from frontend_api.caching.wsgi import ResponseCache
from tests.frontend_api.caching.scene import Asking, Got, Scene, change


@pytest.fixture
def ask_all(
    transactional_db: None, ask_wsgi: Asking, scene: Scene
) -> Iterator[Callable[[int], list[Got]]]:
    """Return what asks so often at once, each time in a thread of its own."""

    def all_at_once(times: int) -> list[Got]:
        got: list[Got] = []
        together = threading.Barrier(times)

        def one() -> None:
            together.wait()
            try:
                got.append(ask_wsgi())
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return got

    yield all_at_once
    assert not single_flight._flights


def slowly() -> None:
    """Take long enough for all others to come."""
    time.sleep(0.2)


def test_equal_misses_are_rendered_once(ask_all: Any, scene: Scene) -> None:
    scene.while_rendered = slowly
    got = ask_all(8)
    assert {(one.status, one.body) for one in got} == {(200, scene.text.encode())}
    assert len(scene.asked) == 1


def test_nobody_gets_what_was_so_before_they_came(ask_all: Any, scene: Scene) -> None:
    def meanwhile() -> None:
        scene.while_rendered = slowly
        slowly()
        # All have come, and what is being rendered is of before.
        scene.text = "new"
        change("page:1")

    scene.text, scene.while_rendered = "old", meanwhile
    bodies = [one.body for one in ask_all(8)]
    # The first began before the change; the others are rendered anew, for all of them once.
    assert bodies.count(b"new") >= 7
    assert len(scene.asked) == 2


def test_what_may_not_be_kept_is_waited_for_once(ask_all: Any, scene: Scene) -> None:
    rendering: list[int] = []
    most = 0

    def counted() -> None:
        nonlocal most
        rendering.append(1)
        most = max(most, len(rendering))
        slowly()
        rendering.pop()

    scene.while_rendered, scene.uncacheable = counted, "for a test"
    assert len(ask_all(6)) == 6
    assert len(scene.asked) == 6
    assert most > 1, "they wait for the first, and not for each other"


def test_an_error_leaves_nobody_waiting(ask_all: Any, scene: Scene) -> None:
    scene.while_rendered, scene.status = slowly, 500
    assert {one.status for one in ask_all(3)} == {500}


def test_a_render_that_asks_for_itself_does_not_wait(ask_wsgi: Asking, scene: Scene) -> None:
    def again() -> None:
        scene.while_rendered = lambda: None
        assert ask_wsgi().status == 200

    scene.while_rendered = again
    began = time.monotonic()
    ask_wsgi()
    assert time.monotonic() - began < single_flight.PATIENCE


def test_whoever_observes_is_told(scene: Scene) -> None:
    application = ResponseCache(get_wsgi_application())
    facts: dict[str, Any] = {}
    ask = Asking(application)
    for expected in ("miss", "hit"):
        ask(environ={OBSERVED: facts})  # type: ignore[dict-item]
        assert facts["cache"] == expected
    ask(environ={OBSERVED: facts}, Authorization="Bearer abc")  # type: ignore[dict-item]
    assert facts["cache"] == "bypass"


@pytest.fixture
def claimed(use_server: Any, ask_wsgi: Asking, scene: Scene) -> tuple[str, bytes]:
    """What another process renders: its key, and what it will keep."""
    ask_wsgi()
    cache: Any = caches["api"]
    [raw] = [name for name in cache._cache.get_client().scan_iter() if b":claim" not in name]
    key = raw.decode().rpartition(":")[2]
    kept = cache.get(key)
    cache.delete(key)
    scene.asked.clear()
    assert store.claim(key)
    return key, kept


def test_what_another_process_renders_is_waited_for(
    claimed: tuple[str, bytes], ask_wsgi: Asking, scene: Scene
) -> None:
    key, kept = claimed

    def other_process() -> None:
        caches["api"].set(key, kept)
        store.release(key)

    timer = threading.Timer(0.1, other_process)
    timer.start()
    assert ask_wsgi().body == scene.text.encode()
    timer.join()
    assert scene.asked == []


def test_what_another_process_began_and_never_ends_is_rendered(
    claimed: tuple[str, bytes], ask_wsgi: Asking, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_flight, "ELSEWHERE", 0.1)
    assert ask_wsgi().body == scene.text.encode()
    assert len(scene.asked) == 1


def test_where_the_server_is_gone_nobody_waits_for_it(
    claimed: tuple[str, bytes], ask_wsgi: Asking, scene: Scene, running: Any
) -> None:
    running.stop()
    began = time.monotonic()
    assert ask_wsgi().body == scene.text.encode()
    assert time.monotonic() - began < single_flight.ELSEWHERE
