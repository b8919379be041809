"""What uses something is listed page by page, and only what is shown is read."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import PROTECT
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex
from wagtail.models.reference_index import ReferenceGroups

from cms.models import Theme
from tests import factories
from tests.cms.admin import soup
from tests.filled import copies

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROWS = "table.listing tbody tr"


def used(count: int) -> tuple[Theme, list[Page]]:
    """Return a theme and so many pages that have it, as the index knows."""
    theme: Any = factories.ThemeFactory()
    page = factories.InsightPageFactory(title="Insight", themes=[theme])
    pages = copies(page, count)
    [row] = ReferenceIndex.get_references_to(theme)
    values = {
        field.attname: getattr(row, field.attname)
        for field in ReferenceIndex._meta.concrete_fields
        if not field.primary_key
    }
    rows = [ReferenceIndex(**{**values, "object_id": str(one.pk)}) for one in pages[1:]]
    ReferenceIndex.objects.bulk_create(rows)
    return theme, pages


def listed(browser: Client, theme: Theme, **query: str) -> Any:
    """Return the rows of the list of its uses."""
    name = Theme.snippet_viewset.get_url_name("usage")
    return soup(browser.get(reverse(name, args=[theme.pk]), query)).select(ROWS)


def test_many_uses_are_listed_page_by_page_in_as_many_queries_as_few(administrator: Client) -> None:
    taken = []
    for count in (20, 45):
        theme, _pages = used(count)
        listed(administrator, theme)
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(administrator, theme)) == 20
        taken.append(len(queries))
    assert taken[0] == taken[1]
    assert len(listed(administrator, theme, p="3")) == 5


def test_each_use_is_on_one_page_with_its_references(administrator: Client) -> None:
    theme, pages = used(5)
    groups = ReferenceIndex.get_grouped_references_to(theme)
    parts = [*groups[:2], *groups[2:4], *groups[4:6]]
    assert [source.pk for source, _references in parts] == [source.pk for source, _ in groups]
    assert {source.pk for source, _ in parts} == {page.pk for page in pages}
    for source, references in parts:
        assert {reference.object_id for reference in references} == {str(source.pk)}


def test_what_the_index_names_and_is_gone_is_left_out() -> None:
    theme, pages = used(3)
    ReferenceIndex.objects.filter(object_id=str(pages[1].pk)).update(object_id="999999")
    groups = ReferenceIndex.get_grouped_references_to(theme)
    assert {source.pk for source, _ in groups[:20]} == {pages[0].pk, pages[2].pk}


@pytest.mark.parametrize("is_protected", [True, False])
def test_what_is_protected_is_known_by_one_row_of_each_field(
    monkeypatch: pytest.MonkeyPatch, is_protected: bool
) -> None:
    theme, _pages = used(30)
    if is_protected:
        relation = ReferenceIndex.get_references_to(theme)[0].reverse_related_field
        monkeypatch.setattr(relation, "on_delete", PROTECT, raising=False)
    references = ReferenceIndex.get_references_to(theme)
    with CaptureQueriesContext(connection) as queries:
        assert references.group_by_source_object().is_protected == is_protected
    assert len(queries) == 1
    assert "DISTINCT" in queries[0]["sql"]
    assert ReferenceGroups(list(references)).is_protected == is_protected
