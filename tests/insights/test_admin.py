"""The listing of insights in the admin, as those who edit see it."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.cms.admin import listing_rows, titles

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LISTING = "insights:index"


@pytest.fixture
def insights() -> dict[str, Any]:
    """An article of ours and one of somebody else's."""
    prevention = factories.ThemeFactory(name="Prevention")
    factories.InsightPageFactory(
        title="Ours", published_on=datetime.date(2021, 6, 16), themes=[prevention]
    )
    factories.InsightPageFactory(
        title="Theirs",
        published_on=datetime.date(2020, 7, 15),
        external_url="https://www.end-violence.org/x",
    )
    return {"prevention": prevention}


def test_the_listing_shows_date_kind_and_source(editor: Client, insights: dict[str, Any]) -> None:
    rows = [
        tuple(row[name] for name in ("Title", "Date", "Kind", "Source"))
        for row in listing_rows(editor, LISTING, ordering="-published_on")
    ]
    assert rows == [
        ("Ours", "16 Jun 2021", "Our article", ""),
        ("Theirs", "15 Jul 2020", "Elsewhere", "END-VIOLENCE.ORG"),
    ]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"kind": "article"}, ["Ours"]),
        ({"kind": "external"}, ["Theirs"]),
        ({"published_on_from": "2021-01-01"}, ["Ours"]),
        ({"published_on_to": "2021-01-01"}, ["Theirs"]),
        ({"q": "theirs"}, ["Theirs"]),
        ({"ordering": "published_on"}, ["Theirs", "Ours"]),
        ({"ordering": "source"}, ["Ours", "Theirs"]),
    ],
)
def test_filters_and_search_narrow_the_listing(
    editor: Client, insights: dict[str, Any], parameters: dict[str, str], found: list[str]
) -> None:
    assert titles(editor, LISTING, **parameters) == found


def test_the_listing_is_filtered_by_theme(editor: Client, insights: dict[str, Any]) -> None:
    assert titles(editor, LISTING, themes=insights["prevention"].pk) == ["Ours"]


def test_the_listing_takes_as_many_queries_for_many_insights_as_for_one(moderator: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            listing_rows(moderator, LISTING)
        return len(captured)

    factories.InsightPageFactory()
    queries()
    one = queries()
    factories.InsightPageFactory.create_batch(19)
    assert queries() == one


def test_an_insight_is_added_from_the_listing_without_asking_where(editor: Client) -> None:
    response = editor.get(reverse("insights:choose_parent"), follow=True)
    index = factories.insight_index()
    expected = reverse("wagtailadmin_pages:add", args=("insights", "insightpage", index.pk))
    assert response.redirect_chain[-1][0] == expected
