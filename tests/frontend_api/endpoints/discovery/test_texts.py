"""`robots.txt` and `llms.txt`, and what all texts share: the response cache, and what they are made of."""

import re
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from django.core.wsgi import get_wsgi_application

from frontend_api.caching.wsgi import ResponseCache
from frontend_api.endpoints.checks import check_settings
from tests import factories
from tests.frontend_api.caching.scene import Asking
from tests.frontend_api.endpoints.discovery.conftest import NASTY, SECRET, Fetch, make_hidden
from tests.frontend_api.endpoints.discovery.reads import PLACES

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def robots(fetch: Fetch) -> RobotFileParser:
    """Return what programs understand."""
    response = fetch("robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    parser = RobotFileParser()
    parser.parse(response.content.decode().splitlines())
    return parser


def test_programs_may_read_all_but_what_the_setting_says(fetch: Fetch, settings: Any) -> None:
    root = factories.default_site().root_url
    parser = robots(fetch)
    assert parser.site_maps() == [f"{root}/sitemap.xml"]
    assert parser.can_fetch("any", f"{root}/programmes/")
    assert not parser.can_fetch("any", f"{root}/search?q=a")
    settings.FRONTEND_API = {}
    assert robots(fetch).can_fetch("any", f"{root}/search")
    settings.FRONTEND_API = {"ROBOTS_DISALLOW": ["/"]}
    assert not robots(fetch).can_fetch("any", f"{root}/programmes/")


@pytest.mark.parametrize("value", ["/search", ["search"], ["/a\nAllow: /"], ["/a b"], ["/#"], [1]])
def test_a_path_that_would_say_something_else_is_a_mistake(
    fetch: Fetch, settings: Any, value: Any
) -> None:
    settings.FRONTEND_API = {"ROBOTS_DISALLOW": value}
    assert [one.id for one in check_settings(None)] == ["frontend_api.E010"]
    assert "Disallow:\n" in fetch("robots.txt").content.decode()


LLMS = re.compile(
    r"# [^\n]+\n(?:\n> [^\n]+\n)?(?:\n## [^\n]+\n\n(?:- \[(?:\\.|[^\]\\\n])+\]\([^)\s]+\)(?:: [^\n]+)?\n)+)*"
)


def test_language_models_are_told_of_every_page_and_what_it_is_about(fetch: Fetch) -> None:
    make_hidden()
    home = factories.home()
    home.summary = "What *we* do"
    home.save()
    factories.ContentPageFactory(title=f"[A] {NASTY}", slug="a", summary="In\nshort: # 1")
    factories.InsightPageFactory(title="Here", slug="here")
    factories.InsightPageFactory(title="There", external_url="https://elsewhere.example/")
    response = fetch("llms.txt")
    text = response.content.decode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert LLMS.fullmatch(text), text
    assert SECRET not in text
    assert "There" not in text
    root = factories.default_site().root_url
    assert text.split("\n")[2] == "> What \\*we\\* do"
    assert f"]({root}/a.md): In short: # 1\n" in text
    assert f"({root}/index.md)" in text
    assert "## Pages\n" in text
    assert f"## Insights\n\n- [Here]({root}/insight/here.md)\n" in text


@pytest.mark.parametrize("place", PLACES)
def test_a_text_is_kept_and_made_anew_when_a_page_changes(quiet: None, place: str) -> None:
    page = factories.InsightPageFactory(title="First")
    ask = Asking(ResponseCache(get_wsgi_application()))
    first = ask(f"/api/v2/{place}", Accept="text/html,application/xml;q=0.9")
    assert first.headers["Cache-Control"].startswith("public")
    assert first.headers["Cache-Tag"]
    assert "accept," not in f"{first.headers['Vary'].lower()},".replace("accept-encoding", "")
    etag = first.headers["ETag"]
    assert ask(f"/api/v2/{place}", If_None_Match=etag).status == 304
    assert ask(f"/api/v2/{place}", method="HEAD").headers["ETag"] == etag
    page.title, page.slug = "Second", "second"
    page.save_revision().publish()
    changed = ask(f"/api/v2/{place}", If_None_Match=etag)
    # Where it names no page, it has nothing new to say.
    assert changed.status == (304 if place == "robots.txt" else 200)
    assert changed.body != first.body
