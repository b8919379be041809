"""What a project declares for search engines and feeds is checked, and what cannot be known hides."""

from typing import Any

import pytest

from cms.models import ContentPage
from frontend_api.endpoints.collections import Feed
from frontend_api.endpoints.discovery.checks import check_declarations
from insights.api import InsightsViewSet
from insights.models import InsightPage
from tests import factories
from tests.frontend_api.endpoints.discovery.conftest import Fetch

pytestmark = pytest.mark.django_db


def test_what_the_project_declares_is_right() -> None:
    assert check_declarations(None) == []


@pytest.mark.parametrize("name", ["nothing", "body_text", "themes", ""])
def test_a_name_in_api_seo_that_is_no_column_is_an_error(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(InsightPage, "api_seo", {"noindex": name, "image": "image"})
    (error,) = check_declarations(None)
    assert error.id == "frontend_api.E012"
    assert f"InsightPage: api_seo has 'noindex': {name!r}" in error.msg


def test_a_page_of_which_it_cannot_be_asked_whether_it_is_hidden_is_hidden(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.ContentPageFactory(slug="unknown")
    factories.InsightPageFactory(slug="known")
    monkeypatch.setattr(ContentPage, "api_seo", {"noindex": "a_property"})
    text = fetch("sitemap.xml").content.decode()
    assert "/known/" in text
    assert "/unknown/" not in text


def test_a_feed_of_what_is_no_field_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InsightsViewSet, "feed", Feed(categories="topics"))
    (error,) = check_declarations(None)
    assert "The feed of insights/ has categories='topics'" in error.msg


def test_a_page_type_that_declares_nothing_is_told_of(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    page: Any = factories.EventPageFactory(slug="an-event")
    monkeypatch.setattr(type(page), "api_seo", {}, raising=False)
    for place in ("sitemap.xml", "llms.txt"):
        assert "an-event" in fetch(place).content.decode()
