"""The source of an insight follows from its address until an editor writes one."""

from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import streamfield

from insights.models import InsightPage
from tests import factories
from tests.cms.admin import DRAFT, TEXT, add_url, edit_url, insight_form

pytestmark = pytest.mark.django_db


def save(client: Client, **fields: Any) -> InsightPage:
    """Save an insight in the admin, anew or for the first time, and return its draft."""
    page = InsightPage.objects.first()
    url = edit_url(page) if page else add_url(InsightPage, factories.insight_index())
    assert client.post(url, {**insight_form(**fields), **DRAFT}).status_code == 302
    return InsightPage.objects.get().get_latest_revision_as_object()


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://www.end-violence.org/articles/x", "END-VIOLENCE.ORG"),
        ("https://WWW.CsaCentre.org.uk:8443/x", "CSACENTRE.ORG.UK"),
        ("https://www.bücher.example/", "BÜCHER.EXAMPLE"),
        ("https://www2.example.org/", "WWW2.EXAMPLE.ORG"),
        ("http://news.example.org", "NEWS.EXAMPLE.ORG"),
    ],
)
def test_the_form_fills_in_the_host_of_the_address(
    editor: Client, address: str, source: str
) -> None:
    assert save(editor, external_url=address).source == source


def test_a_source_that_an_editor_wrote_is_kept(editor: Client) -> None:
    first = save(editor, external_url="https://www.example.org/", source="The Review")
    assert first.source == "The Review"
    second = save(editor, external_url="https://elsewhere.example/", source="The Review")
    assert second.source == "The Review"


def test_a_source_that_nobody_wrote_follows_the_address(editor: Client) -> None:
    """The form comes back with the source that was filled in, which nobody notices when the address changes."""
    first = save(editor, external_url="https://www.example.org/")
    second = save(editor, external_url="https://elsewhere.example/", source=first.source)
    assert second.source == "ELSEWHERE.EXAMPLE"
    third = save(editor, source=second.source)
    assert third.source == ""


def test_an_article_of_ours_has_no_source_of_its_own(editor: Client) -> None:
    assert save(editor, body=streamfield([TEXT])).source == ""


def test_a_source_that_is_too_long_for_its_field_is_cut() -> None:
    page = factories.InsightPageFactory(external_url=f"https://{'a.' * 60}example/")
    assert len(page.source) == 100
