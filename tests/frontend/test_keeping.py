"""The reference frontend asks the API no more than it has to, and shows nothing that it was told is old."""

import tracemalloc
from typing import Any

import httpx
import pytest

from .conftest import SmallApi, Visitor
from .test_website import SITE, page

pytestmark = pytest.mark.once

FRESH = "public, max-age=0, s-maxage=60"
ASK = "public, max-age=0, s-maxage=0, must-revalidate"
SECRET = "long and random"


@pytest.fixture(autouse=True)
def kept(api: SmallApi, website: Visitor, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the website keeps; the API says that all of it holds for a minute."""
    from website import settings

    monkeypatch.setattr(settings, "PURGE_TOKEN", SECRET)
    api.answers["/site/"] = 200, SITE
    api.headers["/site/"] = {"ETag": '"s"', "Cache-Control": FRESH, "Cache-Tag": "all,site"}
    say(api, "First")
    return website.app.app.app.state.api.kept


def say(api: SmallApi, title: str, control: str = FRESH, **headers: str) -> None:
    """Let the page have a title."""
    api.answers["/pages/find/"] = 200, page(title=title)
    api.headers["/pages/find/"] = {
        "ETag": f'"{title}"',
        "Cache-Control": control,
        "Cache-Tag": "all,page1",
        **headers,
    }


def asked(api: SmallApi) -> list[tuple[str, str | None]]:
    """Return what the API was asked since the last time, and which ETag the website had."""
    pairs = [(path, known) for (path, _), known in zip(api.asked, api.known, strict=True)]
    api.asked, api.known = [], []
    return pairs


def purge(website: Visitor, tags: str, secret: str = SECRET, method: str = "PURGE") -> int:
    """Purge, and return the status."""
    headers = {"Authorization": f"Bearer {secret}", "Surrogate-Key": tags}
    return website.request(method, "/purge", headers=headers).status_code


def test_what_holds_is_shown_without_asking(api: SmallApi, website: Visitor) -> None:
    first = website.get("/about/")
    assert len(asked(api)) == 2
    say(api, "Second")
    assert website.get("/about/").text == first.text
    assert not asked(api)
    assert "First" in first.text


@pytest.mark.parametrize("method", ["PURGE", "POST"])
def test_what_is_purged_is_asked_for_again(api: SmallApi, website: Visitor, method: str) -> None:
    website.get("/about/")
    asked(api)
    say(api, "Second")
    assert purge(website, "other page2", method=method) == 204
    assert "First" in website.get("/about/").text
    assert purge(website, "other page1", method=method) == 204
    assert "Second" in website.get("/about/").text
    assert asked(api) == [("/pages/find/", None)]
    assert purge(website, "all", method=method) == 204
    website.get("/about/")
    assert len(asked(api)) == 2


def test_what_may_have_changed_is_asked_for_with_its_etag(api: SmallApi, website: Visitor) -> None:
    say(api, "First", ASK)
    website.get("/about/")
    assert asked(api)[0] == ("/pages/find/", None)
    assert "First" in website.get("/about/").text
    assert asked(api) == [("/pages/find/", '"First"')]
    say(api, "Second", ASK)
    assert "Second" in website.get("/about/").text
    assert asked(api) == [("/pages/find/", '"First"')]
    # An answer that it still holds may say for how long from now on.
    say(api, "Second", FRESH)
    assert "Second" in website.get("/about/").text
    assert asked(api) == [("/pages/find/", '"Second"')]
    website.get("/about/")
    assert not asked(api)


def test_what_was_on_its_way_when_it_was_purged_is_asked_for_again(
    api: SmallApi, website: Visitor, kept: Any
) -> None:
    """The answer was made before the change, and arrives after the purge."""
    api.meanwhile = lambda: kept.purge({"page1"})
    website.get("/about/")
    api.meanwhile = lambda: None
    say(api, "Second")
    asked(api)
    assert "Second" in website.get("/about/").text


def test_the_time_in_another_cache_counts(api: SmallApi, website: Visitor) -> None:
    say(api, "First", Age="60")
    website.get("/about/")
    asked(api)
    website.get("/about/")
    assert asked(api) == [("/pages/find/", '"First"')]


@pytest.mark.parametrize("header", ["Cache-Tag", "Surrogate-Key", None])
def test_what_no_purge_can_name_is_asked_for_each_time(
    api: SmallApi, website: Visitor, header: str | None
) -> None:
    """A CDN between the website and the API may keep either header to itself."""
    del api.headers["/pages/find/"]["Cache-Tag"]
    if header:
        tags = ["all", "page1"]
        api.headers["/pages/find/"][header] = (", " if header == "Cache-Tag" else " ").join(tags)
    website.get("/about/")
    asked(api)
    website.get("/about/")
    assert asked(api) == ([] if header else [("/pages/find/", '"First"')])
    say(api, "Second")
    purge(website, "page1")
    assert "Second" in website.get("/about/").text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": '"x"'},
        {"ETag": '"x"', "Cache-Control": "no-store"},
        {"ETag": '"x"', "Cache-Control": "private, no-store"},
        {"Cache-Control": FRESH},
        {"ETag": '"x"', "Cache-Control": "s-maxage=soon"},
    ],
)
def test_what_is_not_for_keeping_is_not_kept(
    api: SmallApi, website: Visitor, headers: dict[str, str]
) -> None:
    api.headers["/pages/find/"] = headers
    website.get("/about/")
    asked(api)
    website.get("/about/")
    assert asked(api) == [("/pages/find/", None)]


NOTHING = {"status": 404, "detail": "no"}
REDIRECT = {"url": "/new/", "external": False, "status": 301}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((404, NOTHING), 404),
        ((404, {**NOTHING, "redirect": REDIRECT}), 301),
        ((410, {"status": 410, "detail": "gone"}), 410),
    ],
)
@pytest.mark.parametrize("control", [FRESH, ASK])
def test_that_there_is_no_page_is_kept_until_one_comes(
    api: SmallApi, website: Visitor, answer: Any, status: int, control: str
) -> None:
    say(api, "Nothing", control, **{"Cache-Tag": "all,at"})
    api.answers["/pages/find/"] = answer
    assert website.get("/about/").status_code == status
    asked(api)
    assert website.get("/about/").status_code == status
    find = [(path, known) for path, known in asked(api) if path == "/pages/find/"]
    assert find == ([] if control == FRESH else [("/pages/find/", '"Nothing"')])
    say(api, "First")
    purge(website, "at")
    assert "First" in website.get("/about/").text


def test_an_error_is_not_kept_and_takes_away_nothing(api: SmallApi, website: Visitor) -> None:
    say(api, "First", ASK)
    website.get("/about/")
    api.headers["/pages/find/"] = {"ETag": '"no"', "Cache-Control": FRESH}
    api.answers["/pages/find/"] = 500, {}
    assert website.get("/about/").status_code == 503
    say(api, "First", ASK)
    assert "First" in website.get("/about/").text


@pytest.mark.parametrize("secret", ["", "wrong", f"{SECRET} ", "ümlaut"])
def test_only_who_knows_the_secret_may_purge(api: SmallApi, website: Visitor, secret: str) -> None:
    website.get("/about/")
    asked(api)
    headers = {b"Authorization": f"Bearer {secret}".encode(), b"Surrogate-Key": b"page1"}
    assert website.request("PURGE", "/purge", headers=headers).status_code == 403
    website.get("/about/")
    assert not asked(api)


def test_without_a_secret_nobody_may_purge(
    website: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from website import settings

    monkeypatch.setattr(settings, "PURGE_TOKEN", "")
    assert purge(website, "all", "") == 403
    assert website.request("PURGE", "/purge").status_code == 403


def test_what_is_kept_has_its_bounds() -> None:
    from website.kept import OVERHEAD, Kept

    kept = Kept(most_bytes=100_000)

    def keep(name: str, size: int) -> None:
        headers = {"ETag": f'"{name}"', "Cache-Control": FRESH, "Cache-Tag": name}
        kept.keep(name, httpx.Response(200, headers=headers), b"x" * size, kept.moment())

    keep("a", 40_000)
    keep("b", 40_000)
    assert kept.get("a")
    keep("c", 40_000)
    assert [bool(kept.get(name)) for name in "abc"] == [True, False, True]
    # What is too large is not kept, and nor is what was there before it.
    keep("c", 100_000)
    assert [bool(kept.get(name)) for name in "abc"] == [True, False, False]
    whole = 100_000 - OVERHEAD - 600
    keep("d", whole)
    assert [bool(kept.get(name)) for name in "acd"] == [False, False, True]
    assert kept.purge({"d", "e"}) == 1
    keep("a", whole)
    assert kept.get("a")


def test_small_answers_to_many_questions_stay_within_the_bounds() -> None:
    """A search that finds nothing is small; its address and its tags are not."""
    from website.kept import Kept

    most = 1_000_000
    kept = Kept(most_bytes=most)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(5_000):
            headers = {
                "ETag": f'"{number:040}"',
                "Cache-Control": FRESH,
                "Cache-Tag": " ".join(f"tag-{number}-{one}" for one in range(5)),
            }
            response = httpx.Response(200, headers=headers)
            kept.keep(f"/api/v2/pages/?search={number:0100}", response, b"{}", kept.moment())
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < most


def test_nobody_changes_what_is_kept(website: Visitor) -> None:
    api = website.app.app.app.state.api
    first = website.runner.run(api.page("/about/"))
    first["title"] = "Changed"
    assert website.runner.run(api.page("/about/"))["title"] == "First"
