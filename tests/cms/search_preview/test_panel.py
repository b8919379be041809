"""What the form of a page knows of how the page is found and shared."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, Site

from cms.models import ContentPage, SiteSettings
from insights.models import InsightPage
from tests import factories
from tests.cms.admin import add_url, edit_url, soup

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def preview(editor: Client, address: str) -> Any:
    """Return the panel in a form."""
    (found,) = soup(editor.get(address)).select("[data-search-preview]")
    return found


@pytest.fixture
def section() -> ContentPage:
    return factories.ContentPageFactory(title="About", slug="about")


def test_the_panel_knows_what_the_form_does_not(editor: Client, section: ContentPage) -> None:
    shared = factories.ImageFactory(title="Shared")
    own = factories.ImageFactory(title="Own")
    SiteSettings.objects.create(
        site=Site.objects.get(), description="Safer childhoods.", share_image=shared
    )
    page = factories.ContentPageFactory(parent=section, title="Team", slug="team", image=own)
    found = preview(editor, edit_url(page))
    assert found["data-address"] == section.full_url
    assert found["data-has-slug"] == "true"
    assert found["data-default-description"] == "Safer childhoods."
    assert found["data-default-image"].endswith(shared.file.url)
    assert found["data-image"].endswith(own.file.url)
    assert found["data-image-id"] == str(own.pk)
    assert (found["data-description-field"], found["data-image-field"]) == ("summary", "image")


def test_the_home_page_has_its_address_whatever_its_slug_is(administrator: Client) -> None:
    home = Site.objects.get().root_page
    found = preview(administrator, edit_url(home))
    assert found["data-address"] == f"{Site.objects.get().root_url}/"
    assert found["data-has-slug"] == "false"


@pytest.mark.parametrize("model", [ContentPage, InsightPage])
def test_a_new_page_is_shown_where_it_will_be(
    editor: Client, section: ContentPage, model: type[Page]
) -> None:
    parent = factories.insight_index() if model is InsightPage else section
    found = preview(editor, add_url(model, parent))
    assert found["data-address"] == parent.full_url


def test_a_page_of_no_site_has_a_form_all_the_same(administrator: Client) -> None:
    page = factories.home()
    Site.objects.all().delete()
    found = preview(administrator, edit_url(page))
    assert not found.get("data-address")


def test_the_panel_sends_nothing(editor: Client, section: ContentPage) -> None:
    found = preview(editor, edit_url(section))
    assert not found.select("input, textarea, select, button")
    # What is said goes through the page's own styles and scripts, which the policy of the admin allows.
    assert "style=" not in str(found)
    assert "<script" not in str(found)
