"""`programmes/` and what it adds to `insights/`."""

import datetime

import pytest
from wagtail.models import Locale

from tests import factories
from tests.frontend_api.conftest import Get, get, titles

__all__ = ["get"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programmes(db: None) -> None:
    """Three programmes: over, running and yet to come."""
    first, second = factories.ThemeFactory(slug="one"), factories.ThemeFactory(slug="two")
    interpol = factories.PartnerFactory(slug="interpol")
    trust = factories.PartnerFactory(slug="trust")
    make = factories.ProgrammePageFactory
    make(title="Over", start_year=2015, end_year=2019, themes=[first], partners=[interpol, trust])
    make(title="Running", start_year=2018, end_year=None, themes=[second], partners=[trust])
    make(title="To come", start_year=2099, end_year=2100, themes=[first, second])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["To come", "Running", "Over"]),
        ({"status": "active"}, ["Running"]),
        ({"status": "completed"}, ["Over"]),
        ({"status": "upcoming"}, ["To come"]),
        ({"running_in": "2018"}, ["Running", "Over"]),
        ({"running_in": "2020"}, ["Running"]),
        ({"running_in": "2099"}, ["To come", "Running"]),
        ({"running_in": "1999"}, []),
        ({"theme": "one"}, ["To come", "Over"]),
        ({"theme": "one,two"}, ["To come", "Running", "Over"]),
        ({"theme": "two, nothing"}, ["To come", "Running"]),
        ({"theme": "nothing"}, []),
        ({"partner": "trust"}, ["Running", "Over"]),
        ({"partner": "interpol,trust"}, ["Running", "Over"]),
        ({"partner": "trust", "theme": "one"}, ["Over"]),
        ({"partner": "trust", "status": "active", "running_in": "2020"}, ["Running"]),
        ({"order": "title"}, ["Over", "Running", "To come"]),
        ({"order": "start_year"}, ["Over", "Running", "To come"]),
        ({"search": "running"}, ["Running"]),
    ],
)
def test_programmes_are_filtered_and_ordered(
    get: Get, query: dict[str, str], expected: list[str]
) -> None:
    listing = get("programmes/", **query)
    assert titles(listing) == expected
    assert listing["meta"] == {"total_count": len(expected)}


def related(get: Get, page: object) -> list[str]:
    return [item["title"] for item in get(f"pages/{page.pk}/")["related_insights"]]  # type: ignore[attr-defined]


def test_without_a_choice_the_three_newest_that_share_a_theme_are_related(get: Get) -> None:
    themes = [factories.ThemeFactory(), factories.ThemeFactory()]
    day = datetime.date(2024, 1, 1)
    for number in range(5):
        factories.InsightPageFactory(
            title=f"Insight {number}",
            published_on=day + datetime.timedelta(days=number),
            # The newest but one has both themes, and stands in the list once all the same.
            themes=themes if number == 3 else [themes[number % 2]],
        )
    factories.InsightPageFactory(title="Of another theme", themes=[factories.ThemeFactory()])
    factories.InsightPageFactory(
        title="Draft", themes=themes, live=False, published_on=day.replace(year=2025)
    )
    both = factories.ProgrammePageFactory(themes=themes)
    one = factories.ProgrammePageFactory(themes=themes[:1])
    none = factories.ProgrammePageFactory()
    assert related(get, both) == ["Insight 4", "Insight 3", "Insight 2"]
    assert related(get, one) == ["Insight 4", "Insight 3", "Insight 2"]
    assert related(get, none) == []
    chosen = factories.InsightPageFactory(title="Chosen")
    assert related(get, factories.ProgrammePageFactory(themes=themes, insights=[chosen])) == [
        "Chosen"
    ]


def test_insights_of_a_programme_are_those_that_it_relates_to_without_a_limit(get: Get) -> None:
    theme = factories.ThemeFactory()
    sharing = [factories.InsightPageFactory(themes=[theme]).title for _ in range(5)]
    chosen = factories.InsightPageFactory(title="Chosen")
    factories.ProgrammePageFactory(slug="with-choice", themes=[theme], insights=[chosen])
    factories.ProgrammePageFactory(slug="without", themes=[theme])
    assert titles(get("insights/", programme="with-choice")) == ["Chosen"]
    assert set(titles(get("insights/", programme="without"))) == set(sharing)
    assert set(titles(get("insights/", programme="with-choice,without"))) == {*sharing, "Chosen"}
    assert titles(get("insights/", programme="nothing")) == []


def test_what_is_suggested_is_in_the_language_of_the_programme(get: Get) -> None:
    theme = factories.ThemeFactory()
    programme = factories.ProgrammePageFactory(themes=[theme])
    factories.InsightPageFactory(title="An insight", themes=[theme])
    french = Locale.objects.create(language_code="fr")
    other = factories.InsightPageFactory(title="Un éclairage", themes=[theme], locale=french)
    shown = get(f"pages/{programme.pk}/")["related_insights"]
    assert [one["title"] for one in shown] == ["An insight"]
    translation = factories.ProgrammePageFactory(
        themes=[theme], locale=french, start_year=2021, end_year=None
    )
    shown = get(f"pages/{translation.pk}/")
    assert [one["id"] for one in shown["related_insights"]] == [other.pk]
    assert shown["period"].startswith("Depuis 2021")
