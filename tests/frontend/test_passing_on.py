"""The reference frontend passes on what the API makes for search engines, feed readers and language models."""

from typing import Any

import pytest

from .conftest import SmallApi, Visitor
from .test_keeping import FRESH
from .test_website import SITE, page

pytestmark = pytest.mark.once

FIND = "/pages/find/ as Markdown"


@pytest.fixture(autouse=True)
def said(api: SmallApi) -> None:
    """The API has a site, a page, and the same page as Markdown."""
    api.answers["/site/"] = 200, SITE
    api.answers["/pages/find/"] = 200, page(title="A title")
    say(api, FIND, "# A title\n", "text/markdown; charset=utf-8")


def say(api: SmallApi, path: str, text: str, kind: str, **headers: str) -> None:
    """Let the API say a text."""
    api.answers[path] = 200, text
    api.headers[path] = {
        "Content-Type": kind,
        "ETag": f'"{len(text)}"',
        "Cache-Control": FRESH,
        "Cache-Tag": "all,page1",
        **headers,
    }


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/sitemap-2.xml", "application/xml; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/llms.txt", "text/plain; charset=utf-8"),
        ("/feeds/insights.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/insights.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/insights.json", "application/feed+json"),
    ],
)
def test_a_text_is_passed_on_and_kept_until_it_is_purged(
    api: SmallApi, website: Visitor, path: str, kind: str
) -> None:
    say(api, path, "First", kind)
    first = website.get(path)
    assert (first.status_code, first.text, first.headers["Content-Type"]) == (200, "First", kind)
    assert first.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=5")
    say(api, path, "The second", kind)
    assert website.get(path).text == "First"
    assert website.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert len(api.asked) == 1
    website.app.app.app.state.api.kept.purge(["page1"])
    assert website.get(path).text == "The second"
    website.get(path, params={"locale": "fr"})
    assert api.asked[-1] == (path, {"locale": "fr"})


@pytest.mark.parametrize(
    "path", ["/sitemap-9.xml", "/feeds/other.rss", "/feeds/a.txt", "/feeds/a.b.rss"]
)
def test_what_the_api_does_not_have_is_not_found(website: Visitor, path: str) -> None:
    response = website.get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


def test_without_the_api_a_text_is_unavailable(api: SmallApi, website: Visitor) -> None:
    api.answers["/sitemap.xml"] = 500, {}
    assert website.get("/sitemap.xml").status_code == 503


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/programmes/a-slug.md", "/programmes/a-slug/"),
        ("/index.md", "/"),
        ("/fr/index.md", "/fr/"),
    ],
)
def test_a_page_is_markdown_at_an_address_of_its_own(
    api: SmallApi, website: Visitor, address: str, path: str
) -> None:
    response = website.get(address)
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.text == "# A title\n"
    assert api.asked == [(FIND, {"html_path": path})]


@pytest.mark.parametrize(
    ("accept", "is_markdown"),
    [
        ("text/markdown", True),
        ("text/markdown, text/html, */*", True),
        ("text/html;q=0.5, text/markdown;q=0.9", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("text/html, text/markdown", False),
        ("text/markdown;q=0, */*", False),
        ("text/markdown;q=nonsense;", True),
        ("*/*", False),
        ("", False),
    ],
)
def test_a_page_is_markdown_for_who_likes_it_better(
    website: Visitor, accept: str, is_markdown: bool
) -> None:
    for _ in range(2):
        response = website.get("/about/", headers={"Accept": accept})
        assert ("text/markdown" in response.headers["Content-Type"]) == is_markdown
        assert {"Accept"} <= set(response.headers["Vary"].split(", "))
        assert website.get("/about/").headers["Content-Type"].startswith("text/html")


def test_a_page_names_its_feeds_and_its_markdown(website: Visitor) -> None:
    text = website.get("/about/").text
    for kind, address in (
        ("application/atom+xml", "/feeds/insights.atom"),
        ("application/rss+xml", "/feeds/insights.rss"),
        ("application/feed+json", "/feeds/insights.json"),
        ("text/markdown", "/about.md"),
    ):
        (line,) = [line for line in text.splitlines() if f'type="{kind}"' in line]
        assert 'rel="alternate"' in line
        assert f'href="{address}"' in line


def test_a_preview_is_no_markdown(api: SmallApi, website: Visitor) -> None:
    """Whoever holds a credential sees their draft as a page, and as Markdown what is public."""
    from website import cookies

    website.client.cookies.set(cookies.SITE_WIDE, "token=preview_x")
    api.answers["/pages/find/ preview_x"] = 200, page(title="A draft")
    response = website.get("/about/", headers={"Accept": "text/markdown"})
    assert response.headers["Content-Type"].startswith("text/html")
    assert "A draft" in response.text
    api.tokens.clear()
    assert website.get("/about.md").text == "# A title\n"
    assert api.tokens == [""]


def test_the_markdown_of_nothing_is_not_found(api: SmallApi, website: Visitor) -> None:
    del api.answers[FIND]
    answer: Any = website.get("/nothing.md")
    assert answer.status_code == 404
