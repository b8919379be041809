"""Feeds: each a feed by its standard, with whole texts, addresses of the frontend, and nothing that is hidden."""

import datetime
import json
from typing import Any

import feedparser
import pytest
from lxml import etree
from wagtail.models import Page

from frontend_api.endpoints.discovery import feed_entries
from frontend_api.endpoints.discovery.xml import allowed
from tests import factories
from tests.frontend_api.endpoints.discovery.conftest import NASTY, SECRET, Fetch, make_hidden
from tests.golden import assert_golden

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORMS = ["atom", "rss", "json"]
TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json",
}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
READABLE = "Sea & salt ]]> <b>\U0001f30a</b>"


@pytest.fixture
def article(db: None) -> Any:
    """An article of ours with a link, a quote and a theme, all of them hard to write down."""
    about = factories.ContentPageFactory(slug="about")
    text = (
        f'<p>See <a linktype="page" id="{about.pk}">about</a> and <a href="/typed/">this</a>.</p>'
    )
    return factories.InsightPageFactory(
        title=NASTY,
        slug="article",
        translation_key="2b1f3c52-0d3c-4a53-9f0c-3d0ab0ff3a57",
        summary=f"Summary {NASTY}",
        image=factories.ImageFactory(description=NASTY),
        themes=[factories.ThemeFactory(name="Sea & land")],
        published_on=datetime.date(2024, 6, 2),
        body=[
            {"type": "rich_text", "value": text},
            {"type": "quote", "value": {"text": f"Words {NASTY}", "attribution": "Somebody"}},
        ],
    )


def entries_of(response: Any, form: str) -> list[Any]:
    """Return the entries of a feed that is one, as dictionaries with the same names for all forms."""
    assert response.headers["Content-Type"] == TYPES[form]
    if form == "json":
        feed = json.loads(response.content)
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        return [
            {
                "id": item["id"],
                "link": item["url"],
                "title": item["title"],
                "summary": item.get("summary", ""),
                "content": item["content_html"],
                "tags": item.get("tags", []),
                "image": item.get("image"),
                "published": item["date_published"][:10],
            }
            for item in feed["items"]
        ]
    document = etree.fromstring(response.content)
    (check_atom if form == "atom" else check_rss)(document)
    feed = feedparser.parse(response.content, sanitize_html=False)
    assert not feed.bozo
    return [
        {
            "id": entry.id,
            "link": entry.link,
            "title": entry.title,
            "summary": entry.get("summary", ""),
            "content": entry.content[0].value,
            "tags": [tag.term for tag in entry.get("tags", [])],
            "image": next((one.href for one in entry.enclosures), None),
            "published": "-".join(f"{part:02}" for part in entry.published_parsed[:3]),
        }
        for entry in feed.entries
    ]


def check_atom(feed: Any) -> None:
    """Hold a feed to what RFC 4287 asks of one."""
    for node in feed.xpath("//a:feed | //a:entry", namespaces=ATOM):
        for name in ("id", "title", "updated"):
            assert len(node.xpath(f"a:{name}", namespaces=ATOM)) == 1, name
        assert node.xpath("a:author/a:name/text()", namespaces=ATOM)
        assert len(node.xpath("a:link[@rel='alternate']", namespaces=ATOM)) == 1
    assert len(feed.xpath("a:link[@rel='self']", namespaces=ATOM)) == 1
    for moment in feed.xpath("//a:updated/text() | //a:published/text()", namespaces=ATOM):
        assert datetime.datetime.fromisoformat(moment).tzinfo
    for content in feed.xpath("//a:content | //a:summary", namespaces=ATOM):
        assert content.get("type") == "html"
        assert not len(content)
    ids = feed.xpath("//a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("urn:uuid:") for one in ids)


def check_rss(rss: Any) -> None:
    """Hold a feed to what RSS 2.0 asks of one."""
    assert rss.get("version") == "2.0"
    (channel,) = rss
    for name in ("title", "link", "description", "lastBuildDate", "language"):
        assert channel.findtext(name), name
    for item in channel.findall("item"):
        assert item.findtext("title") or item.findtext("description")
        assert item.find("guid").get("isPermaLink") == "false"
        assert len(item.findall("enclosure")) <= 1
        for enclosure in item.findall("enclosure"):
            assert enclosure.get("length").isdigit()
            assert enclosure.get("type").startswith("image/")


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_has_the_whole_text_with_the_addresses_of_the_frontend(
    fetch: Fetch, article: Any, form: str
) -> None:
    root = factories.default_site().root_url
    (entry,) = entries_of(fetch(f"feeds/insights.{form}"), form)
    assert READABLE in allowed(entry["title"])
    assert entry["link"] == f"{root}/insight/article/"
    assert f'<a href="{root}/about/">about</a>' in entry["content"]
    assert f'<a href="{root}/typed/">this</a>' in entry["content"]
    assert "<blockquote>" in entry["content"]
    assert "]]&gt; &lt;b&gt;\U0001f30a&lt;/b&gt;" in entry["content"]
    assert "<b>" not in entry["content"]
    assert entry["tags"] == ["Sea & land"]
    assert entry["published"] == "2024-06-02"
    image = fetch(f"insights/{article.pk}/").json()["image"]["src"]
    assert entry["image"] == image
    assert f'src="{image}"' in entry["content"]
    if form == "json":
        assert_golden("insights_feed", fetch("feeds/insights.json").json())


@pytest.mark.parametrize("form", FORMS)
def test_what_is_hidden_is_in_no_feed_and_what_is_elsewhere_leads_there(
    fetch: Fetch, form: str
) -> None:
    make_hidden()
    address = "https://elsewhere.example/a?b=1&c=é"
    factories.InsightPageFactory(title="Elsewhere", summary="Short", external_url=address)
    response = fetch(f"feeds/insights.{form}")
    assert SECRET not in response.content.decode()
    (entry,) = entries_of(response, form)
    assert (entry["title"], entry["link"]) == (
        "Elsewhere",
        "https://elsewhere.example/a?b=1&c=%C3%A9",
    )
    assert "Short" in entry["content"]


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_without_entries_is_one_and_always_the_same(fetch: Fetch, form: str) -> None:
    first = fetch(f"feeds/insights.{form}")
    assert entries_of(first, form) == []
    assert fetch(f"feeds/insights.{form}").content == first.content


def test_the_newest_come_first_and_keep_their_ids_wherever_they_move(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_entries, "MOST_ENTRIES", 2)
    pages = [
        factories.InsightPageFactory(title=f"Day {day}", published_on=datetime.date(2024, 5, day))
        for day in (3, 1, 2)
    ]
    before = entries_of(fetch("feeds/insights.atom"), "atom")
    assert [entry["title"] for entry in before] == ["Day 3", "Day 2"]
    pages[0].slug = "renamed"
    pages[0].title = "Renamed"
    pages[0].save_revision().publish()
    after = entries_of(fetch("feeds/insights.atom"), "atom")
    assert (after[0]["title"], after[0]["id"]) == ("Renamed", before[0]["id"])
    assert len({entry["id"] for entry in after}) == 2


def test_only_collections_that_declare_a_feed_have_one(fetch: Fetch) -> None:
    for place in ("feeds/programmes.atom", "feeds/insights.xml", "feeds/insights/", "feeds/"):
        assert fetch(place, expect=404).headers["Content-Type"] == "application/problem+json"


def test_a_feed_can_be_of_one_language(fetch: Fetch) -> None:
    assert Page.objects.count()
    factories.InsightPageFactory(title="In English")
    assert len(entries_of(fetch("feeds/insights.rss", locale="en-gb"), "rss")) == 1
    fetch("feeds/insights.rss", expect=404, locale="xx")
