"""The reference frontend follows the feed of changes, and drops what it is told is old; in doubt it asks."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .conftest import Answer, SmallApi, Visitor
from .test_website import SITE, page

pytestmark = pytest.mark.once

FRESH = "public, max-age=0, s-maxage=60"


def told(cursor: str, *items: list[str], more: bool = False) -> Answer:
    """Return an answer of the feed, with the tags of each item."""
    return 200, {"cursor": cursor, "items": [{"tags": tags} for tags in items], "more": more}


class Following:
    """The website while it follows the feed; `say` lets the API say something of it."""

    def __init__(self, api: SmallApi, website: Visitor) -> None:
        self.api, self.website = api, website
        self.kept = website.app.app.app.state.api.kept

    def say(self, answer: Answer) -> None:
        """Let the feed answer something, and wait until the website has heard it twice."""
        self.api.answers["/changes/"] = answer
        count = len(self.cursors())
        self.until(lambda: len(self.cursors()) > count + 1)

    def cursors(self) -> list[str]:
        """Return the cursors that were asked for, "" for none."""
        return [query.get("after", "") for path, query in self.api.asked if path == "/changes/"]

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the website run until something holds."""

        async def wait() -> None:
            deadline = time.monotonic() + 10
            while not holds():
                assert time.monotonic() < deadline
                await asyncio.sleep(0.005)

        self.website.runner.run(wait())

    def title(self, path: str = "/about/") -> str:
        """Return the title that a reader sees."""
        text = self.website.get(path).text
        return next(title for title in ("First", "Second", "not be shown") if title in text)


@pytest.fixture
def following(api: SmallApi, website: Visitor) -> Iterator[Following]:
    """The website follows the feed of an API whose answers hold for a minute."""
    from website.following import follow

    api.answers["/site/"] = 200, SITE
    api.headers["/site/"] = {"ETag": '"s"', "Cache-Control": FRESH, "Cache-Tag": "all,site"}
    name(api, "First")
    api.answers["/changes/"] = told("1")
    own = website.app.app.app.state.api
    task = website.runner.get_loop().create_task(follow(own, pause=0.01))
    is_following = Following(api, website)
    is_following.until(lambda: "1" in is_following.cursors())
    yield is_following
    task.cancel()
    # What it raised, if it did, is raised here.
    website.runner.run(_ended(task))


async def _ended(task: Any) -> None:
    with pytest.raises(asyncio.CancelledError):
        await task


def name(api: SmallApi, title: str) -> None:
    """Let the page have a title."""
    api.answers["/pages/find/"] = 200, page(title=title)
    api.headers["/pages/find/"] = {
        "ETag": f'"{title}"',
        "Cache-Control": FRESH,
        "Cache-Tag": "all,page1",
    }


def test_what_changes_is_dropped_and_nothing_else(api: SmallApi, following: Following) -> None:
    assert following.title() == "First"
    name(api, "Second")
    following.say(told("2", ["page7"], ["many"]))
    assert following.title() == "First"
    following.say(told("3", ["page7"], ["page1", "many"]))
    asked = len(api.asked)
    assert following.title() == "Second"
    pages = [path for path, _ in api.asked[asked:] if path != "/changes/"]
    assert pages == ["/pages/find/"]


def test_it_goes_on_from_where_it_was_and_asks_the_api_to_wait(
    api: SmallApi, following: Following
) -> None:
    following.say(told("2", ["page7"]))
    following.say(told("3"))
    # A cursor is named again and again only while there is nothing after it.
    assert list(dict.fromkeys(following.cursors())) == ["", "1", "2", "3"]
    waits = {query.get("wait") for path, query in api.asked if query.get("after")}
    assert waits == {"25"}


def test_all_is_dropped_when_the_feed_begins_anew(api: SmallApi, following: Following) -> None:
    assert following.title() == "First"
    name(api, "Second")
    following.say((410, {"status": 410, "detail": "Begin anew."}))
    following.say(told("9"))
    assert following.title() == "Second"
    assert following.cursors()[-1] == "9"


def test_while_the_feed_is_away_the_api_is_asked_each_time(
    api: SmallApi, following: Following
) -> None:
    assert following.title() == "First"
    following.say((503, {"status": 503, "detail": "Later."}))
    assert following.title() == "First"
    # Nobody tells of it.
    name(api, "Second")
    assert following.title() == "Second"
    # Once the feed is back, what came meanwhile is in it, and what is kept is used again.
    following.say(told("2", ["page1"]))
    following.say(told("2"))
    assert following.title() == "Second"
    asked = len(api.asked)
    assert following.title() == "Second"
    assert {path for path, _ in api.asked[asked:]} <= {"/changes/"}


def test_with_the_whole_api_away_what_may_still_be_shown_is_shown(
    api: SmallApi, following: Following
) -> None:
    assert following.title() == "First"
    fault: Answer = 500, {"status": 500, "detail": "A fault."}
    api.answers["/pages/find/"] = api.answers["/site/"] = fault
    api.headers.clear()
    following.say(fault)
    assert following.title() == "First"
    # What the API has not allowed so far is not shown.
    assert following.website.get("/elsewhere/").status_code == 503


def test_an_api_without_a_feed_is_asked_each_time(api: SmallApi, following: Following) -> None:
    following.say((404, {"status": 404, "detail": "There is no such endpoint."}))
    assert not following.kept.is_followed
    following.say((200, {"something": "else"}))
    assert not following.kept.is_followed
    following.say(told("1"))
    assert following.kept.is_followed


def test_an_answer_that_nobody_expects_is_not_trusted(api: SmallApi, website: Visitor) -> None:
    from website.following import follow

    api.answers["/changes/"] = 200, {"cursor": "1", "items": [{"no": "tags"}], "more": False}
    own = website.app.app.app.state.api
    with pytest.raises(KeyError):
        website.runner.run(follow(own, pause=0.01))
    assert not own.kept.is_followed
