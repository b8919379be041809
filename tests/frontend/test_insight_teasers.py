"""A page's insights lead on: each to itself, and all of them to the list, whatever the menu has."""

import pytest
from bs4 import BeautifulSoup, Tag

from .conftest import SmallApi, Visitor
from .test_website import SITE, insight, page

pytestmark = pytest.mark.once

OURS = insight(title="Ours", source="", link={"url": "/insight/ours/", "external": False})
THEIRS = insight(title="Theirs")


@pytest.fixture(autouse=True)
def site(api: SmallApi) -> None:
    """Have a menu without insights, and a list of them where nobody guesses."""
    api.answers["/site/"] = 200, SITE
    index = page("/publications/", "insights.InsightIndexPage")
    api.answers["/pages/"] = 200, {"meta": {"total_count": 1}, "items": [index]}


def band(api: SmallApi, website: Visitor, kind: str, field: str) -> Tag:
    """Return the part of a page with its insights."""
    period = {"period": "2015 – 2023", "status": "active", "partners": [], "key_figures": []}
    api.answers["/pages/find/"] = (
        200,
        page("/programmes/a/", kind, **period, phases=[], **{field: [OURS, THEIRS]}),
    )
    response = website.get("/programmes/a/")
    assert response.status_code == 200
    found = BeautifulSoup(response.text, "html.parser").select("section.tinted")
    assert len(found) == 1
    return found[0]


KINDS = [
    ("programmes.ProgrammePage", "related_insights"),
    ("cms.HomePage", "featured_insights"),
]


@pytest.mark.parametrize(("kind", "field"), KINDS)
def test_each_says_read_more_and_where(
    api: SmallApi, website: Visitor, kind: str, field: str
) -> None:
    links = band(api, website, kind, field).select("a.more")
    assert [" ".join(link.get_text().split()) for link in links] == [
        "Read more: Ours",
        "Read more at EXAMPLE.ORG ↗: Theirs",
    ]
    assert [link["href"] for link in links] == ["/insight/ours/", "https://example.org/x"]
    assert links[1]["rel"] == ["external", "noopener"]


@pytest.mark.parametrize(("kind", "field"), KINDS)
def test_all_insight_stands_below_them(
    api: SmallApi, website: Visitor, kind: str, field: str
) -> None:
    found = band(api, website, kind, field)
    link = found.find_all("a")[-1]
    assert (link.get_text(), link["href"]) == ("All insight", "/publications/")
    query = {"type": "insights.InsightIndexPage", "limit": "1", "locale": "en-gb"}
    asked = ("/pages/", query)
    assert asked in api.asked


@pytest.mark.parametrize(
    "answer",
    [(200, {"meta": {"total_count": 0}, "items": []}), (404, {}), (400, {"detail": ""}), (500, {})],
)
def test_a_site_without_a_list_has_no_link(
    api: SmallApi, website: Visitor, answer: tuple[int, object]
) -> None:
    api.answers["/pages/"] = answer
    found = band(api, website, "programmes.ProgrammePage", "related_insights")
    assert "All insight" not in found.get_text()


def test_where_the_list_is_is_kept_as_the_rest(api: SmallApi, website: Visitor) -> None:
    api.headers["/pages/"] = {
        "ETag": '"1"',
        "Cache-Control": "public, s-maxage=60",
        "Cache-Tag": "insights",
    }
    for _ in range(2):
        band(api, website, "programmes.ProgrammePage", "related_insights")
    assert [path for path, _query in api.asked].count("/pages/") == 1
