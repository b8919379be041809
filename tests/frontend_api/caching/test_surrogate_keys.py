"""Tags in headers are short, tell nothing, and never too many for a proxy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.changes.surrogate_keys import (
    LONGEST,
    MANY,
    folded,
    limit_in,
    of_change,
    of_everything,
    of_response,
    surrogate_keys,
)
from tests.frontend_api.caching.scene import Asking, Scene

pytestmark = pytest.mark.once


def test_a_response_has_its_tags_and_that_of_everything(ask: Asking, scene: Scene) -> None:
    sent = ask().headers
    names = surrogate_keys({"*", *scene.tags})
    assert sent["Cache-Tag"] == ",".join(names)
    assert sent["Surrogate-Key"] == " ".join(names)
    assert not any("page" in name for name in names)


def test_what_a_tag_is_called_depends_on_the_secret_key(settings: Any) -> None:
    before = surrogate_keys(["page:14"])
    settings.SECRET_KEY = "another"
    assert surrogate_keys(["page:14"]) != before


def test_a_response_of_very_much_has_one_tag_that_every_purge_names(
    ask: Asking, scene: Scene
) -> None:
    scene.tags = {f"page:{number}" for number in range(1_000)}
    assert ask().headers["Cache-Tag"].split(",") == surrogate_keys(["*", MANY])


@given(st.integers(0, 900))
def test_no_header_is_longer_than_a_proxy_takes(count: int) -> None:
    tags = [f"page:{number}" for number in range(count)]
    names = of_response(tags)
    assert len(",".join(names)) <= LONGEST
    assert set(names) in ({*surrogate_keys(["*", *tags])}, {*surrogate_keys(["*", MANY])})
    assert all(name.replace("-", "").replace("_", "").isalnum() for name in names)


some_tags = st.sets(st.integers(0, 2_000).map("page:{}".format), max_size=800)


@given(some_tags, some_tags, st.integers(2, 800))
def test_what_is_purged_of_folded_names_is_more_and_never_less(
    shown: set[str], changed: set[str], limit: int
) -> None:
    names = of_response(shown)
    few = folded(names, limit)
    assert len(few) <= limit
    assert len(set(few)) == len(few)
    assert of_everything() in few
    purged = {*of_change(changed)}
    if purged & {*names}:
        assert purged & {*few}
    if shown & changed:
        assert purged & {*few}
    assert {*of_change({"*", *changed})} & {*few}


@given(some_tags, st.integers(2, 800))
def test_names_are_folded_only_where_there_are_too_many(shown: set[str], limit: int) -> None:
    names = of_response(shown)
    few = folded(names, limit)
    if len(names) <= limit:
        assert few == names
    elif limit > 64:
        # Those that are not folded stay, and none is folded that need not be.
        assert all(name in names for name in few if len(name) > 1)
        assert any(len(name) > 1 for name in few)
    assert folded(names, limit) == folded(list(reversed(names))[::-1], limit)
    assert folded(few, limit) == few


def test_a_little_too_many_are_folded_a_little() -> None:
    """What a cache is purged of then, and need not be, is what begins with one of a few characters."""
    few = folded(of_response({f"page:{number}" for number in range(140)}), 128)
    assert len([name for name in few if len(name) == 1]) <= 4
    unrelated = [f"page:{number}" for number in range(1_000, 2_000)]
    hit = [tag for tag in unrelated if {*few} & {*of_change({tag})}]
    assert len(hit) < len(unrelated) / 10


@pytest.mark.parametrize(("header", "limit"), [("2", 2), ("128", 128), (" 0128 ", 128)])
def test_a_limit_is_a_number(header: str, limit: int) -> None:
    assert limit_in(header) == limit


BAD_LIMITS = ["", "0", "1", "-1", "x", "1.5", "128,128", "1e3", "9999999", "٣", "½"]


@pytest.mark.parametrize("header", BAD_LIMITS)
def test_what_is_no_limit_is_said(header: str) -> None:
    with pytest.raises(ValueError, match=r"Cache-Tag-Limit is .*a whole number from 2 to 999999"):
        limit_in(header)


def test_an_answer_has_no_more_names_than_are_taken(ask: Asking, scene: Scene) -> None:
    """Rendered and kept, and in a 304: what is kept is the same for all."""
    scene.tags = {f"page:{number}" for number in range(200)}
    names = of_response(scene.tags)
    for limit in (128, 2, 500, 128):
        sent = ask(Cache_Tag_Limit=str(limit))
        assert sent.headers["Cache-Tag"].split(",") == folded(names, limit)
        assert sent.headers["Surrogate-Key"].split(" ") == folded(names, limit)
        again = ask(Cache_Tag_Limit=str(limit), If_None_Match=sent.headers["ETag"])
        assert again.status == 304
        assert again.headers["Cache-Tag"] == sent.headers["Cache-Tag"]
        assert "Cache-Tag-Limit" in sent.headers["Vary"].split(", ")
    plain = ask()
    assert plain.headers["Cache-Tag"].split(",") == names
    assert "Cache-Tag-Limit" in plain.headers["Vary"].split(", ")
    assert len(scene.asked) == 1


def test_what_no_answer_can_have_is_left_to_the_view(ask: Asking, scene: Scene) -> None:
    ask()
    sent = ask(Cache_Tag_Limit="1")
    assert len(scene.asked) == 2
    assert sent.headers["Cache-Control"] == "no-store"
    assert "Cache-Tag" not in sent.headers
