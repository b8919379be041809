"""Ranges of dates, times and numbers, and the order of the tree, on every listing of pages."""

import datetime

import pytest
from wagtail.models import Page

from tests import factories
from tests.frontend_api.conftest import Get, titles

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2024, 5, 31, 18, 30, 15, 123456, datetime.UTC)


@pytest.fixture
def insights() -> None:
    """Three insights, a day apart."""
    for number in range(3):
        page = factories.InsightPageFactory(
            title=f"On {number}", published_on=AT.date() + datetime.timedelta(number)
        )
        moment = AT + datetime.timedelta(number)
        Page.objects.filter(pk=page.pk).update(first_published_at=moment, last_published_at=moment)


INSIGHTS = "insights.InsightPage"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"published_on_from": "2024-06-01"}, "12"),
        ({"published_on_to": "2024-06-01"}, "01"),
        ({"published_on_from": "2024-06-01", "published_on_to": "2024-06-01"}, "1"),
        ({"published_on_from": "2024-06-02", "published_on_to": "2024-06-01"}, ""),
        ({"published_on_from": "0001-01-01", "published_on_to": "9999-12-31"}, "012"),
        ({"first_published_at_from": "2024-06-01"}, "12"),
        ({"first_published_at_to": "2024-06-01"}, "01"),
        ({"first_published_at_to": "2024-05-31T18:30:15.123Z"}, "0"),
        ({"first_published_at_to": "2024-05-31T18:30:15.122Z"}, ""),
        ({"first_published_at_from": "2024-06-01T18:30:15.123Z"}, "12"),
        ({"first_published_at_from": "2024-06-01T18:30:15.124Z"}, "2"),
        ({"last_published_at_to": "2024-05-31T20:30:16+02:00"}, "0"),
        ({"last_published_at_from": "2024-05-31T18:30"}, "012"),
        ({"last_published_at_from": "0001-01-01", "last_published_at_to": "9999-12-31"}, "012"),
    ],
)
def test_both_ends_of_a_range_are_included(
    get: Get, insights: None, query: dict[str, str], expected: str
) -> None:
    wanted = [f"On {number}" for number in expected]
    assert titles(get("insights/", order="published_on", **query)) == wanted
    assert titles(get("pages/", type=INSIGHTS, order="published_on", **query)) == wanted
    if not any(name.startswith("published_on") for name in query):
        found = titles(get("pages/", descendant_of="root", order="first_published_at", **query))
        assert [title for title in found if title.startswith("On ")] == wanted


def test_the_names_of_before_mean_what_they_did(get: Get, insights: None) -> None:
    assert titles(get("insights/", published_after="2024-06-02")) == ["On 2"]
    assert titles(get("insights/", published_before="2024-05-31")) == ["On 0"]
    assert titles(get("insights/", year="2024", published_after="2024-06-02")) == ["On 2"]
    assert titles(get("insights/", year="2023")) == []


def test_numbers_have_ranges_too(get: Get) -> None:
    for first in (2010, 2015, 2020):
        factories.ProgrammePageFactory(title=f"{first}", start_year=first, end_year=None)
    for path, more in (("programmes/", {}), ("pages/", {"type": "programmes.ProgrammePage"})):
        assert titles(get(path, start_year_from="2015", order="title", **more)) == ["2015", "2020"]
        assert titles(get(path, start_year_to="2015", order="title", **more)) == ["2010", "2015"]
        assert titles(get(path, start_year_from="-5", start_year_to="2014", **more)) == ["2010"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("published_on_from", bad)
            for bad in (
                "2024",
                "2024-13-01",
                "2024-02-30",
                "31.5.2024",
                "2024-05-31T00:00",
                "٢٠٢٤-٠٥-٣١",
            )
        ),
        *(("published_on_to", bad) for bad in ("tomorrow", "20240531", "2024-W22", "0000-01-01")),
        *(
            ("last_published_at_from", bad)
            for bad in ("2024-05", "2024-05-31 18:00", "2024-05-31T25:00", "0001-01-01T00:00+05:00")
        ),
        *(
            ("last_published_at_to", bad)
            for bad in ("9999-12-31T23:59:59-05:00", "1717180215", "now")
        ),
    ],
)
def test_what_is_no_date_is_refused_by_name(get: Get, name: str, value: str) -> None:
    problem = get("insights/", expect=400, **{name: value})
    assert problem["errors"][0]["parameter"] == name
    assert "2024-05-31" in problem["detail"]
    assert get("pages/", expect=400, type=INSIGHTS, **{name: value})["detail"] == problem["detail"]


@pytest.mark.parametrize("value", ["x", "1.5", "1e3", "nan", "99999999999", "-", "٣"])
def test_what_is_no_number_is_refused_by_name(get: Get, value: str) -> None:
    problem = get("programmes/", expect=400, start_year_to=value)
    assert problem["errors"][0]["parameter"] == "start_year_to"


def test_a_range_of_another_type_is_named(get: Get) -> None:
    problem = get("pages/", expect=400, published_on_from="2024-01-01")
    assert problem["detail"] == (
        "published_on_from goes with one type; add type=insights.InsightPage."
    )


def test_pages_come_in_the_order_of_the_tree_wherever_they_are_listed(get: Get) -> None:
    first, second = (factories.ProgrammePageFactory(title=f"P{number}") for number in range(2))
    second.move(first, pos="left")
    assert titles(get("programmes/", order="path")) == ["P1", "P0"]
    assert titles(get("programmes/", order="-path")) == ["P0", "P1"]
    assert titles(get("events/", order="path")) == []
    assert titles(get("pages/", type="programmes.ProgrammePage", order="path")) == ["P1", "P0"]
