"""The listing of programmes in the admin, as those who edit see it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.cms.admin import listing_rows, soup, titles

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LISTING = "programmes:index"


@pytest.fixture
def programmes() -> dict[str, Any]:
    """A programme of each status, one of them without partners."""
    prevention = factories.ThemeFactory(name="Prevention")
    interpol = factories.PartnerFactory(name="INTERPOL")
    harbour = factories.PartnerFactory(name="Harbour Network")
    make = factories.ProgrammePageFactory
    make(title="Over", start_year=2001, end_year=2009, partners=[interpol, harbour])
    make(title="Running", start_year=2010, end_year=None, themes=[prevention], partners=[harbour])
    make(title="To come", start_year=2099, end_year=2100, live=False)
    return {"prevention": prevention, "interpol": interpol, "harbour": harbour}


def test_the_listing_shows_period_status_and_partners(
    editor: Client, programmes: dict[str, Any]
) -> None:
    rows = [
        tuple(row[name] for name in ("Title", "Period", "Runs", "Partners"))
        for row in listing_rows(editor, LISTING, ordering="-start_year")
    ]
    assert rows == [
        ("To come", "2099 – 2100", "Upcoming", ""),
        ("Running", "Since 2010", "Active", "Harbour Network"),
        ("Over", "2001 – 2009", "Completed", "INTERPOL, Harbour Network"),
    ]


def test_the_listing_tells_drafts_from_what_is_live(
    editor: Client, programmes: dict[str, Any]
) -> None:
    status = {row["Title"]: row["Status"].lower() for row in listing_rows(editor, LISTING)}
    assert "draft" in status["To come"]
    assert "live" in status["Over"]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"running": "active"}, ["Running"]),
        ({"running": "completed"}, ["Over"]),
        ({"running": "upcoming"}, ["To come"]),
        ({"q": "running"}, ["Running"]),
        ({"q": "nothing of the kind"}, []),
        ({"ordering": "title"}, ["Over", "Running", "To come"]),
        ({"ordering": "start_year"}, ["Over", "Running", "To come"]),
    ],
)
def test_filters_and_search_narrow_the_listing(
    editor: Client, programmes: dict[str, Any], parameters: dict[str, str], found: list[str]
) -> None:
    assert titles(editor, LISTING, **parameters) == found


def test_the_listing_is_filtered_by_partner_and_theme(
    editor: Client, programmes: dict[str, Any]
) -> None:
    both = [programmes["interpol"].pk, programmes["harbour"].pk]
    assert titles(editor, LISTING, partner=both[0]) == ["Over"]
    # A programme that has both partners stands in the listing once.
    assert sorted(titles(editor, LISTING, partner=both)) == ["Over", "Running"]
    assert titles(editor, LISTING, themes=programmes["prevention"].pk) == ["Running"]


def test_the_listing_takes_as_many_queries_for_many_programmes_as_for_one(
    moderator: Client,
) -> None:
    def add() -> None:
        factories.ProgrammePageFactory(
            partners=[factories.PartnerFactory(), factories.PartnerFactory()]
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            listing_rows(moderator, LISTING)
        return len(captured)

    add()
    queries()
    one = queries()
    for _ in range(19):
        add()
    assert queries() == one
    assert len(listing_rows(moderator, LISTING)) == 20


def test_a_programme_is_added_from_the_listing_without_asking_where(editor: Client) -> None:
    """There is one list of programmes, so there is nothing to choose."""
    response = editor.get(reverse("programmes:choose_parent"), follow=True)
    index = factories.programme_index()
    expected = reverse("wagtailadmin_pages:add", args=("programmes", "programmepage", index.pk))
    assert response.redirect_chain[-1][0] == expected


def test_partners_are_listed_with_where_they_are_used(
    editor: Client, programmes: dict[str, Any]
) -> None:
    names = [
        cell.get_text(" ", strip=True)
        for cell in soup(editor.get(reverse("wagtailsnippets_programmes_partner:list"))).select(
            "td.title .title-wrapper"
        )
    ]
    assert names == ["Harbour Network", "INTERPOL"]
    usage = reverse("wagtailsnippets_programmes_partner:usage", args=[programmes["interpol"].pk])
    assert "Over Programme" in soup(editor.get(usage)).find("main").get_text(" ", strip=True)
