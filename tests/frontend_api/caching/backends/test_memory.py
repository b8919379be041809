"""The cache in memory never takes more than it is given, and keeps what was used last."""

import datetime
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.caching.backends import memory
from frontend_api.caching.backends.memory import MemoryCache

pytestmark = pytest.mark.once

ROOM = 10_000


def new(name: str = "test") -> MemoryCache:
    memory._memories.pop(name, None)
    return MemoryCache(name, {"OPTIONS": {"MAX_BYTES": ROOM}})


@pytest.fixture
def cache() -> Iterator[MemoryCache]:
    yield new()
    memory._memories.pop("test", None)


def test_it_keeps_what_it_is_given(cache: MemoryCache) -> None:
    cache.set("a", {"b": [1]})
    assert cache.get("a") == {"b": [1]}
    assert cache.get("a") is not cache.get("a")
    assert (cache.get("b"), cache.get("b", 1)) == (None, 1)
    assert (cache.add("a", 2), cache.add("b", 2), cache.get("b")) == (False, True, 2)
    assert ("a" in cache, "c" in cache) == (True, False)
    assert (cache.delete("a"), cache.delete("a")) == (True, False)
    assert (cache.incr("b"), cache.get_many(["a", "b"])) == (3, {"b": 3})
    cache.clear()
    assert cache.get("b") is None


@pytest.mark.parametrize(
    "value", [None, b"x", ("x", (1.5, None)), ("x", datetime.datetime(2026, 1, 1))]
)
def test_what_nobody_can_change_is_given_out_as_it_is(cache: MemoryCache, value: Any) -> None:
    cache.set("a", value)
    assert cache.get("a", "nothing") is value


@pytest.mark.parametrize("value", [[1], ("x", [1]), {1}, Decimal(1), bytearray(b"x")])
def test_of_what_could_be_changed_a_copy_is_kept(cache: MemoryCache, value: Any) -> None:
    cache.set("a", value)
    assert cache.get("a") == value
    assert cache.get("a") is not value


def test_all_that_have_its_name_share_it(cache: MemoryCache) -> None:
    cache.set("a", 1)
    assert MemoryCache("test", {"OPTIONS": {"MAX_BYTES": ROOM}}).get("a") == 1


def test_what_has_expired_is_gone(cache: MemoryCache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.set("a", 1, timeout=10)
    cache.set("b", 1, timeout=10)
    cache.set("c", 1, timeout=None)
    assert (cache.touch("b", 100), cache.touch("d", 100)) == (True, False)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 50)
    assert [cache.get(key) for key in "abc"] == [None, 1, 1]


def test_what_was_used_last_stays(cache: MemoryCache) -> None:
    for key in "abc":
        cache.set(key, b"x" * 2_500)
    cache.get("a")
    cache.set("d", b"x" * 2_500)
    assert [key in cache for key in "abcd"] == [True, False, True, True]
    cache.set("e", b"x" * ROOM)
    assert "e" not in cache
    assert "d" in cache


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 12_000)), max_size=30))
def test_it_never_takes_more_than_it_is_given(puts: list[tuple[str, int]]) -> None:
    cache = new("drawn")
    for key, size in puts:
        cache.set(key, b"x" * size)
        kept = memory._memories["drawn"]
        values = [cache.get(one) for one in "abcdef" if one in cache]
        assert sum(map(sys.getsizeof, values)) <= kept.size <= ROOM
        assert cache.get(key) in (b"x" * size, None)
