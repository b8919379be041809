"""`insights/`."""

import datetime
import unicodedata

import pytest

from tests import factories
from tests.frontend_api.conftest import Get, get, titles

__all__ = ["get"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def insights(db: None) -> None:
    """Two articles and one teaser that leads elsewhere."""
    one, two = factories.ThemeFactory(slug="one"), factories.ThemeFactory(slug="two")
    make = factories.InsightPageFactory
    make(title="Early", published_on=datetime.date(2020, 1, 1), themes=[one])
    make(title="Late", published_on=datetime.date(2022, 1, 1), themes=[one, two])
    make(
        title="Policies",
        published_on=datetime.date(2021, 1, 1),
        external_url="https://www.end-violence.org/x",
        themes=[two],
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Late", "Policies", "Early"]),
        ({"kind": "article"}, ["Late", "Early"]),
        ({"kind": "external"}, ["Policies"]),
        ({"theme": "one"}, ["Late", "Early"]),
        ({"theme": "one,two"}, ["Late", "Policies", "Early"]),
        ({"source": "END-VIOLENCE.ORG"}, ["Policies"]),
        ({"source": "end-violence.org"}, ["Policies"]),
        ({"source": "nobody"}, []),
        ({"published_after": "2021-01-01"}, ["Late", "Policies"]),
        ({"published_before": "2021-01-01"}, ["Policies", "Early"]),
        ({"published_after": "2020-06-01", "published_before": "2021-06-01"}, ["Policies"]),
        ({"order": "published_on"}, ["Early", "Policies", "Late"]),
        ({"order": "title"}, ["Early", "Late", "Policies"]),
        ({"search": "policies"}, ["Policies"]),
    ],
)
def test_insights_are_filtered_and_ordered(
    get: Get, query: dict[str, str], expected: list[str]
) -> None:
    listing = get("insights/", **query)
    assert titles(listing) == expected
    assert listing["meta"] == {"total_count": len(expected)}


def test_a_link_leads_to_the_page_or_elsewhere(get: Get) -> None:
    links = {item["title"]: item["link"] for item in get("insights/")["items"]}
    assert links["Policies"] == {"url": "https://www.end-violence.org/x", "external": True}
    assert links["Late"]["external"] is False
    assert get("pages/find/", html_path=links["Late"]["url"])["title"] == "Late"


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("ZÜRICH-SÜD.CH", "zürich-süd.ch"),
        ("Straßenkinder e.V.", "STRASSENKINDER E.V."),
        ("ΕΛΛΆΔΑ", "ελλάδα"),
        ("ДЕТИ", "дети"),
        ("Genève", unicodedata.normalize("NFD", "GENÈVE")),
        ("100%", "100%"),
    ],
)
def test_a_source_is_found_in_any_case_of_any_alphabet(get: Get, source: str, asked: str) -> None:
    page = factories.InsightPageFactory(
        title="It", external_url="https://example.org/", source=source, body=[]
    )
    for given in (source, asked, source.lower(), source.upper()):
        assert titles(get("insights/", source=given)) == [page.title]
    assert titles(get("insights/", source="1000")) == []
