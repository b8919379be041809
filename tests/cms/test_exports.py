"""What editors typed is text in every export of the admin, whatever program opens it."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from wagtail.contrib.redirects.models import Redirect

from cms.exports import BEGINNINGS, as_text
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("https://x")']
REPORTS = [
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:page_types_usage",
    "wagtailredirects:index",
    "wagtailusers_users:index",
    "audit:report",
]


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_no_cell_of_an_export_is_a_formula(administrator: Client) -> None:
    for number, formula in enumerate(FORMULAS):
        factories.UserFactory(username=f"user{number}", first_name=formula, last_name=formula)
        factories.ContentPageFactory(title=formula)
        Redirect.objects.create(old_path=f"/{number}", redirect_link=formula)
    for name in REPORTS:
        address = reverse(name)
        text = content(administrator.get(address, {"export": "csv"})).decode()
        rows = list(csv.reader(StringIO(text, newline="")))
        assert len(rows) > 1, name
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if cell.lstrip(" ").startswith(BEGINNINGS)], name
        book = load_workbook(BytesIO(content(administrator.get(address, {"export": "xlsx"}))))
        types = {cell.data_type for row in book.active.iter_rows() for cell in row}
        assert "f" not in types, name
    redirects = content(administrator.get(reverse("wagtailredirects:index"), {"export": "csv"}))
    assert "'=1+1" in redirects.decode()


@given(st.text(max_size=8) | st.sampled_from(FORMULAS))
def test_text_is_kept_and_never_begins_like_a_formula(text: str) -> None:
    made = as_text(text)
    assert made in {text, f"'{text}"}
    assert not made.strip(" ").startswith(BEGINNINGS)


@pytest.mark.parametrize("value", [-1, 0, 1.5, None, True])
def test_numbers_stay_numbers(value: Any) -> None:
    assert as_text(value) is value
