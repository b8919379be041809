"""Pages that are sorted by hand are shown all at once, unless they are too many for that."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from cms import sorted_by_hand
from cms.models import ContentPage
from tests import factories
from tests.cms.admin import soup
from tests.filled import copies

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROWS = "table.listing tbody tr"


@pytest.fixture
def parent(monkeypatch: pytest.MonkeyPatch) -> Page:
    """A page with sixty below it, where fifty can be sorted by hand."""
    monkeypatch.setattr(sorted_by_hand, "MOST", 50)
    return below(60)


def below(count: int) -> Page:
    """Return a page with so many below it."""
    parent = factories.home().add_child(instance=ContentPage(title=f"Parent of {count}"))
    copies(parent.add_child(instance=ContentPage(title="Child")), count)
    return Page.objects.get(pk=parent.pk)


def explored(
    browser: Client, parent: Page, name: str = "wagtailadmin_explore", **query: str
) -> Any:
    """Return the list of the pages below one."""
    return browser.get(reverse(name, args=[parent.pk]), query)


def test_too_many_to_sort_by_hand_are_shown_page_by_page_with_a_sentence(
    editor: Client, parent: Page
) -> None:
    page = soup(explored(editor, parent, ordering="ord"))
    assert len(page.select(ROWS)) == 50
    assert page.select_one("[data-w-orderable-item-label]") is None
    assert "has 60 pages below it. Up to 50 can be sorted by hand" in page.select_one(
        ".messages"
    ).get_text(" ", strip=True)
    # They are in their order, to the end.
    assert len(soup(explored(editor, parent, ordering="ord", p="2")).select(ROWS)) == 10


def test_the_list_that_is_fetched_while_one_types_says_nothing(
    editor: Client, parent: Page
) -> None:
    name = "wagtailadmin_explore_results"
    assert len(soup(explored(editor, parent, name, ordering="ord")).select(ROWS)) == 50
    assert soup(explored(editor, parent)).select_one(".messages li") is None


def test_few_can_be_dragged(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = below(60)
    page = soup(explored(editor, parent, ordering="ord"))
    assert len(page.select("[data-w-orderable-item-label]")) == 60


def test_however_many_there_are_the_list_reads_as_much(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorted_by_hand, "MOST", 50)
    taken = []
    for count in (60, 120):
        parent = below(count)
        explored(editor, parent, ordering="ord")
        with CaptureQueriesContext(connection) as queries:
            explored(editor, parent, ordering="ord")
        taken.append(len(queries))
    assert taken[0] == taken[1]
