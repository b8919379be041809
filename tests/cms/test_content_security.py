"""The headers that say what a page of the CMS may load, and who may frame it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import inline_formset

from cms.models import HomePage
from tests import factories
from tests.cms.admin import content_form

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def policy(response: Any) -> dict[str, list[str]]:
    """Return the policy of a page by its directives."""
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split("; "))
    return {name: sources for name, *sources in parts}


def test_the_admin_loads_nothing_from_elsewhere_and_is_framed_by_nobody(editor: Client) -> None:
    for url in (reverse("wagtailadmin_home"), reverse("wagtailadmin_account"), "/api/v2/docs/"):
        response = editor.get(url)
        found = policy(response)
        assert found["default-src"] == ["'self'"]
        assert found["script-src"] == ["'self'", "'unsafe-inline'"]
        frames = [] if "docs" in url else ["http://localhost"]
        assert found["frame-src"] == ["'self'", *frames]
        assert found["connect-src"] == ["'self'", *frames]
        assert found["frame-ancestors"] == ["'none'"]
        assert response.headers["X-Frame-Options"] == "DENY"


def test_previews_of_every_site_can_be_framed(editor: Client, settings: Any) -> None:
    root = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", port=443, root_page=root)
    urls = {"default": "{SITE_ROOT_URL}/preview", "localhost": "https://next.example/draft"}
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": urls}
    frames = policy(editor.get(reverse("wagtailadmin_home")))["frame-src"]
    assert frames == ["'self'", "https://next.example", "https://other.example"]


def test_what_the_admin_frames_itself_is_framed_by_it_alone(administrator: Client) -> None:
    root = Page.get_first_root_node()
    page = root.add_child(instance=HomePage(title="Nowhere", slug="nowhere"))
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = {"featured_programmes": inline_formset([]), "featured_insights": inline_formset([])}
    assert administrator.post(url, content_form(**form)).json()["is_valid"]
    response = administrator.get(url)
    assert "This page belongs to no site" in response.content.decode()
    assert policy(response)["frame-ancestors"] == ["'self'"]
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_media_may_be_elsewhere(editor: Client, settings: Any) -> None:
    settings.MEDIA_URL = "https://media.example.org/files/"
    found = policy(editor.get(reverse("wagtailadmin_home")))
    assert found["img-src"] == ["'self'", "data:", "blob:", "https://media.example.org"]


def test_what_is_no_page_has_no_policy_and_a_file_keeps_its_own(client: Client) -> None:
    assert "Content-Security-Policy" not in client.get("/api/v2/site/").headers
    document = factories.DocumentFactory()
    response = client.get(document.url)
    response.close()
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
