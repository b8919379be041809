"""What a client has already is not sent again, and it says what it can decode and how long an answer holds."""

import gzip
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import brotli
import pytest
from django.utils import timezone

from frontend_api.caching.responses import encodings, headers
from tests.configure import configure
from tests.frontend_api.caching.scene import LONG, Asking, Scene, change
from tests.frontend_api.conftest import Clock

pytestmark = pytest.mark.once

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
COMMON = {
    "ETag",
    "Vary",
    "Cache-Control",
    "Last-Modified",
    "Cache-Tag",
    "Surrogate-Key",
}


@pytest.mark.parametrize(
    ("accepted", "coding", "suffix", "decode"),
    [
        (None, None, "", bytes),
        ("identity", None, "", bytes),
        ("gzip, deflate", "gzip", "-gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", "-br", brotli.decompress),
    ],
)
def test_a_body_comes_in_the_coding_that_is_asked_for(
    ask: Asking, scene: Scene, accepted: str | None, coding: str | None, suffix: str, decode: Any
) -> None:
    plain = ask().headers["ETag"]
    got = ask(**({"Accept_Encoding": accepted} if accepted else {}))
    assert got.headers.get("Content-Encoding") == coding
    assert got.headers["ETag"] == f'{plain[:-1]}{suffix}"'
    assert got.headers["Content-Length"] == str(len(got.body))
    assert decode(got.body) == LONG.encode()
    assert coding is None or len(got.body) < len(LONG)
    assert got == ask(**({"Accept_Encoding": accepted} if accepted else {}))
    assert len(scene.asked) == 1


def test_the_first_answer_is_compressed_too(ask: Asking, scene: Scene) -> None:
    assert ask(Accept_Encoding="br") == ask(Accept_Encoding="br")


def test_a_short_body_is_sent_as_it_is(ask: Asking, scene: Scene) -> None:
    scene.text = "{}"
    assert "Content-Encoding" not in ask(Accept_Encoding="br, gzip").headers


def test_what_compression_makes_longer_is_sent_as_it_is() -> None:
    drawn = random.Random(1).randbytes(1_000)
    assert encodings.compressed(drawn, "gzip") == encodings.compressed(drawn, "br") == b""


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("", ("identity",)),
        ("gzip", ("gzip", "identity")),
        ("BR;Q=0.5, gzip ; q=0.8", ("gzip", "br", "identity")),
        ("br;q=0, gzip", ("gzip", "identity")),
        ("*", ("br", "gzip", "identity")),
        ("*;q=0.1, br;q=0", ("gzip", "identity")),
        ("identity, gzip;q=0.5", ("identity",)),
        ("gzip;q=nonsense, br;level=3", ("br", "identity")),
        (";;,,=", ("identity",)),
        ("identity;q=0", ("identity",)),
    ],
)
def test_codings_are_taken_in_the_clients_order(header: str, codings: tuple[str, ...]) -> None:
    assert encodings.preferred(header) == codings


@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
@pytest.mark.parametrize("kept", ["", "gzip", "br"])
def test_whoever_has_it_in_any_coding_is_told_so(
    ask: Asking, scene: Scene, kept: str, accepted: str
) -> None:
    had = ask(Accept_Encoding=kept)
    again = ask(Accept_Encoding=accepted, If_None_Match=f'W/"other", W/{had.headers["ETag"]}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers == {name: had.headers[name] for name in COMMON}
    assert len(scene.asked) == 1


def test_the_first_who_asks_may_have_it_already(ask: Asking, scene: Scene) -> None:
    """The cache has been emptied since; what is rendered is the same."""
    etag = headers.etag(headers.digest(LONG.encode()), "identity")
    assert ask(If_None_Match=etag).status == 304


@pytest.mark.parametrize("sent", ['"other"', "*x", "", ",", "W/", '"'])
def test_whoever_has_something_else_gets_it(ask: Asking, scene: Scene, sent: str) -> None:
    assert ask(If_None_Match=sent).status == 200


def test_a_star_stands_for_whatever_there_is(ask: Asking, scene: Scene) -> None:
    assert ask(If_None_Match="*").status == 304


def test_a_change_that_changes_no_byte_leaves_the_client_what_it_has(
    ask: Asking, scene: Scene, clock: Clock
) -> None:
    before = ask()
    change("page:1")
    clock.shift = timedelta(hours=1)
    again = ask(If_None_Match=before.headers["ETag"])
    assert again.status == 304
    assert again.headers["Last-Modified"] == before.headers["Last-Modified"]
    scene.text = "changed"
    change("page:1")
    after = ask(If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert after.headers["Last-Modified"] != before.headers["Last-Modified"]


def test_a_date_is_too_coarse_to_say_that_nothing_has_changed(ask: Asking, scene: Scene) -> None:
    modified = ask().headers["Last-Modified"]
    assert ask(If_Modified_Since=modified).status == 200


def test_head_is_get_without_the_body(ask: Asking, scene: Scene) -> None:
    for asked in ({}, {"Accept_Encoding": "br"}, {"If_None_Match": "*"}):
        head, get = ask(method="HEAD", **asked), ask(**asked)
        assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")
    scene.status = 404
    change("page:1")
    head, get = ask(method="HEAD"), ask()
    assert (head.status, head.headers) == (404, get.headers)


@pytest.mark.parametrize(
    ("fresh", "stale", "left", "said"),
    [
        (0, 0, None, "s-maxage=0, must-revalidate"),
        (60, 0, None, "s-maxage=60"),
        (60, 30, None, "s-maxage=60, stale-while-revalidate=30"),
        (0, 30, None, "s-maxage=0, stale-while-revalidate=30"),
        (60, 30, 70.9, "s-maxage=60, stale-while-revalidate=10"),
        (60, 30, 59.9, "s-maxage=59"),
        (60, 30, 0.5, "s-maxage=0, must-revalidate"),
        (60, 30, -5, "s-maxage=0, must-revalidate"),
    ],
)
def test_a_shared_cache_is_told_no_more_than_the_clock_allows(
    settings: Any, fresh: int, stale: int, left: float | None, said: str
) -> None:
    configure(settings, S_MAXAGE=fresh, STALE_WHILE_REVALIDATE=stale)
    until = None if left is None else NOON + timedelta(seconds=left)
    assert headers.cache_control(*headers.lifetimes(until, NOON)) == f"public, max-age=0, {said}"


def test_a_hit_says_what_is_left(ask: Asking, scene: Scene, clock: Clock, settings: Any) -> None:
    configure(settings, S_MAXAGE=3600)
    scene.until = timezone.now() + timedelta(minutes=30, milliseconds=500)
    for gone, left in ((0, 1800), (10, 1790), (29 * 60, 60)):
        clock.shift = timedelta(seconds=gone)
        said = ask().headers["Cache-Control"]
        shown = int(said.rpartition("=")[2])
        assert left - 5 <= shown <= left, said
