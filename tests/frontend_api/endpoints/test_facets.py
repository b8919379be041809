"""`facets=`: how many pages there are of each value that a listing can be narrowed to."""

import datetime
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import Theme
from frontend_api.changes import versions
from frontend_api.changes.transaction import invalidate_all
from frontend_api.dependencies import memo
from frontend_api.endpoints import facets
from insights.models import InsightPage
from tests import factories
from tests.frontend_api.conftest import Get
from tests.frontend_api.draft_site import editor_of, seen_by

pytestmark = pytest.mark.django_db

YEAR = datetime.date.today().year


@pytest.fixture(autouse=True)
def themes(db: None) -> list[Any]:
    """Insights of two themes, some of them private."""
    b, a = factories.ThemeFactory(name="b", slug="b-"), factories.ThemeFactory(name="A", slug="a-")
    private = factories.ThemeFactory(name="Private", slug="private")
    make = factories.InsightPageFactory
    make(published_on=datetime.date(2024, 1, 1), themes=[a, b])
    make(published_on=datetime.date(2024, 12, 31), themes=[a], external_url="https://a.example/")
    make(published_on=datetime.date(2023, 7, 1), themes=[b])
    make(published_on=datetime.date(2022, 7, 1), themes=[a, private], live=False)
    factories.restrict(make(published_on=datetime.date(2021, 7, 1), themes=[private]))
    return [a, b, private]


def counts(get: Get, path: str = "insights/", **query: str) -> dict[str, dict[str, int]]:
    """Return the counts of each facet by value."""
    given = get(path, **query)["meta"]["facets"]
    return {name: {one["value"]: one["count"] for one in values} for name, values in given.items()}


def test_values_have_labels_and_an_order(get: Get) -> None:
    meta = get("insights/", facets="theme,kind,year", limit="1")["meta"]
    assert meta == {
        "total_count": 3,
        "facets": {
            "theme": [
                {"value": "a-", "label": "A", "count": 2},
                {"value": "b-", "label": "b", "count": 2},
            ],
            "kind": [
                {"value": "article", "label": "Our article", "count": 2},
                {"value": "external", "label": "Elsewhere", "count": 1},
            ],
            "year": [
                {"value": "2024", "label": "2024", "count": 2},
                {"value": "2023", "label": "2023", "count": 1},
            ],
        },
    }
    assert get("insights/", facets="theme", limit="0")["items"] == []
    assert "facets" not in get("insights/")["meta"]


def test_a_facet_counts_within_all_filters_but_its_own(get: Get) -> None:
    asked = {"facets": "theme,kind,year"}
    assert counts(get, theme="a-", **asked) == {
        "theme": {"a-": 2, "b-": 2},
        "kind": {"article": 1, "external": 1},
        "year": {"2024": 2},
    }
    assert counts(get, kind="article", year="2024", **asked) == {
        "theme": {"a-": 1, "b-": 1},
        "kind": {"article": 1, "external": 1},
        "year": {"2024": 1, "2023": 1},
    }
    # A year can be chosen by its days, too.
    assert counts(get, published_on_from="2024-01-01", facets="year")["year"]["2023"] == 1
    assert counts(get, published_on_from="2024-01-01", facets="kind")["kind"]["article"] == 1


@pytest.mark.parametrize("path", ["insights/", "programmes/"])
def test_each_count_is_what_the_filter_of_its_name_finds(get: Get, path: str) -> None:
    random = Random(3)
    themes = [*Theme.objects.order_by("slug"), factories.ThemeFactory()]
    partners = [factories.PartnerFactory() for _ in range(3)]
    for _ in range(8):
        first = random.choice([YEAR - 5, YEAR, YEAR + 3])
        factories.ProgrammePageFactory(
            themes=random.sample(themes, random.randrange(3)),
            partners=random.sample(partners, random.randrange(3)),
            start_year=first,
            end_year=random.choice([None, first + 2]),
            live=random.random() < 0.8,
        )
    names = {"insights/": "kind,theme,year", "programmes/": "partner,theme,year"}[path]
    for more in ({}, {"theme": themes[0].slug}, {"year": str(YEAR)}):
        for name, values in counts(get, path, facets=names, **more).items():
            assert values or more
            for value, count in values.items():
                found = get(path, **{**more, name: value}, limit="0")
                assert found["meta"]["total_count"] == count, (name, value, more)


def test_a_facet_that_there_is_not_is_refused(get: Get) -> None:
    problem = get("insights/", expect=400, facets="theme,source")
    assert problem["detail"] == "facets cannot be 'source'; it takes kind, theme, year."
    assert "facets" in get("events/", expect=400, facets="city")["detail"]
    problem = get("insights/", expect=400, facets="theme", search="x")
    assert "search" in problem["detail"]


def test_the_number_of_values_is_bounded(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "MOST_VALUES", 1)
    factories.InsightPageFactory(themes=[factories.ThemeFactory(name="Z", slug="z")])
    assert counts(get, facets="year")["year"] == {str(YEAR): 1} or counts(get, facets="year")
    assert len(counts(get, facets="theme")["theme"]) == 1


def test_a_facet_takes_one_query_and_is_remembered(
    client: Client, monkeypatch: pytest.MonkeyPatch, themes: list[Any]
) -> None:
    def queries(**more: str) -> int:
        with CaptureQueriesContext(connection) as ran:
            assert client.get("/api/v2/insights/", more).status_code == 200
        return len(ran)

    for name in ("kind", "theme", "year"):
        queries(facets=name)
        assert queries(facets=name) == queries() + 1
    invalidate_all()
    monkeypatch.setattr(memo, "settled_state", versions.current)
    queries(facets="kind,theme,year")
    assert queries(facets="kind,theme,year") == queries()
    memo.facts.clear()


def test_a_reader_of_drafts_sees_the_counts_of_drafts(client: Client) -> None:
    InsightPage.objects.get(live=False).save_revision()
    with seen_by(editor_of(factories.home())):
        values = client.get("/api/v2/insights/", {"facets": "theme"}).json()["meta"]["facets"]
    assert [one["value"] for one in values["theme"]] == ["a-", "b-", "private"]
