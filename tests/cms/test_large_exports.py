"""A list of any length is exported with little memory, or refused with a sentence."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Page, PageLogEntry

from cms import large_exports
from cms.audit.models import AuditEntry, Kind
from cms.large_exports import Batches
from cms.models import ContentPage
from tests import factories
from tests.cms.admin import soup
from tests.filled import copies

pytestmark = [pytest.mark.django_db, pytest.mark.once]

AGING = "wagtailadmin_reports:aging_pages"
HISTORY = "wagtailadmin_reports:site_history"
AUDIT = "audit:report"


def pages(count: int) -> None:
    """Make so many pages, each with a line in the history and in the audit log."""
    page = factories.home().add_child(instance=ContentPage(title="Page"))
    page.save_revision().publish()
    for number, one in enumerate(copies(ContentPage.objects.get(pk=page.pk), count)):
        PageLogEntry.objects.log_action(one, "wagtail.edit", title=f"Edited {number}")
        AuditEntry.objects.create(kind=Kind.SHARED, about=f"Shared {number}")


@pytest.fixture
def made() -> Iterator[list[int]]:
    """What it has when pages of any type are read: their keys."""
    keys: list[int] = []

    def read(sender: Any, instance: Any, **kwargs: Any) -> None:
        if isinstance(instance, Page):
            keys.append(instance.pk)

    post_init.connect(read)
    yield keys
    post_init.disconnect(read)


def rows(response: Any) -> list[list[str]]:
    """Return the rows of a CSV file."""
    text = b"".join(response.streaming_content).decode()
    return list(csv.reader(StringIO(text, newline="")))


def test_objects_are_read_a_few_at_a_time(
    administrator: Client, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_exports, "AT_ONCE", 10)
    pages(100)
    made.clear()
    response: Any = administrator.get(reverse(AGING), {"export": "csv"})
    lines = iter(response.streaming_content)
    next(lines), next(lines)
    # Those of a page of the report, and ten.
    assert len(made) <= 50 + 10
    assert len(list(lines)) > 98


@pytest.mark.parametrize("name", [AGING, HISTORY, AUDIT])
def test_a_file_has_every_row_in_its_order_however_few_are_read_at_once(
    administrator: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pages(20)
    # An export has an entry of its own in the audit log.
    address = f"{reverse(name)}?kind={Kind.SHARED}"
    whole = rows(administrator.get(f"{address}&export=csv"))
    assert len(whole) > 20
    monkeypatch.setattr(large_exports, "AT_ONCE", 3)
    assert rows(administrator.get(f"{address}&export=csv")) == whole
    response: Any = administrator.get(f"{address}&export=xlsx")
    book = load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert next(row[0].value for row in book.active.iter_rows()) == whole[0][0]
    assert book.active.max_row == len(whole)


@pytest.mark.parametrize("name", [AGING, HISTORY, AUDIT])
def test_more_rows_take_no_more_queries(administrator: Client, name: str) -> None:
    taken = []
    for count in (1, 40):
        pages(count)
        rows(administrator.get(reverse(name), {"export": "csv"}))
        with CaptureQueriesContext(connection) as queries:
            rows(administrator.get(reverse(name), {"export": "csv"}))
        taken.append(len(queries))
    assert taken[0] == taken[1]


@pytest.mark.parametrize("name", [AGING, HISTORY, AUDIT])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_too_many_rows_are_refused_with_a_sentence_on_the_list(
    administrator: Client, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    monkeypatch.setattr(large_exports, "MOST", {"csv": 1_200, "xlsx": 5, kind: 5})
    pages(6)
    address = reverse(name)
    response = administrator.get(address, {"export": kind, "p": "1"}, follow=True)
    assert response.redirect_chain == [(f"{address}?p=1", 302)]
    said = soup(response).select_one(".messages").get_text(" ", strip=True)
    assert "This list has more than 5 rows, and a file of this kind takes no more." in said
    assert ("A CSV file takes up to 1,200." in said) == (kind == "xlsx")


def test_as_many_as_can_be_are_not(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    count = AuditEntry.objects.count()
    pages(5)
    monkeypatch.setattr(large_exports, "MOST", {"csv": count + 5, "xlsx": 1})
    response = administrator.get(reverse(AUDIT), {"export": "csv", "kind": Kind.SHARED})
    assert len(rows(response)) == 6


def test_what_is_deleted_while_somebody_downloads_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large_exports, "AT_ONCE", 2)
    pages(5)
    read = iter(Batches(AuditEntry.objects.filter(about__startswith="Shared"), 10))
    first = next(read)
    AuditEntry.objects.filter(about="Shared 1").delete()
    assert {one.about for one in [first, *read]} >= {"Shared 0", "Shared 2"}
    assert "Shared 1" not in {one.about for one in read}
