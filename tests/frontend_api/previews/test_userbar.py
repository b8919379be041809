"""The user bar for a frontend's previews: whom it is given to, and to whom its content checks talk."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site

from cms.models import HomePage
from tests import factories, previews

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CMS = "http://localhost:8000"


def ask(origin: str | None) -> Any:
    """Ask for the user bar as a page of `origin` does."""
    headers = {} if origin is None else {"origin": origin}
    return Client().get("/userbar/", headers={"host": "localhost:8000", **headers})


def axe_spec(html: bytes) -> dict[str, Any]:
    """Return what the content checks of a page are told."""
    script = BeautifulSoup(html, "html.parser").find(id="checker-axe-configuration")
    spec: dict[str, Any] = json.loads(script.string)["spec"]
    return spec


def other_site() -> Site:
    root = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    return Site.objects.create(hostname="other.example", port=443, root_page=root)


def test_it_is_given_to_the_frontends_of_sites() -> None:
    other_site()
    for origin in ("http://localhost", "https://other.example"):
        response = ask(origin)
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == origin
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "*",
        "http://localhost:8000",
        "https://localhost",
        "http://localhost.evil.example",
        "http://other.example",
    ],
)
def test_it_is_given_to_nobody_else(origin: str | None) -> None:
    other_site()
    response = ask(origin)
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Vary"] == "Origin"
    assert b"wagtail-userbar" not in response.content


def test_it_follows_the_address_at_which_previews_open(settings: Any) -> None:
    urls = {"default": "{SITE_ROOT_URL}/preview", "localhost": "https://next.example/draft"}
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": urls}
    assert ask("https://next.example").status_code == 200
    assert ask("http://localhost").status_code == 403


def test_it_is_hidden_talks_to_the_admin_alone_and_loads_from_the_cms() -> None:
    html = ask("http://localhost").content
    assert axe_spec(html)["allowedOrigins"] == [CMS]
    page = BeautifulSoup(html, "html.parser")
    assert page.find("aside").has_attr("hidden")
    assert page.find(attrs={"data-wagtail-userbar": True})["data-wagtail-userbar-origin"] == CMS
    loaded = [script["src"] for script in page.find_all("script", src=True)]
    loaded += [style["href"] for style in page.find_all("link")]
    assert len(loaded) == 3
    assert all(address.startswith("//localhost:8000/static/") for address in loaded)


def test_the_editor_talks_to_the_frontend_of_the_page_alone() -> None:
    other = other_site()
    browser, _ = previews.log_in()
    for parent, origin in (
        (factories.home(), "http://localhost"),
        (other.root_page.specific, "https://other.example"),
    ):
        page = factories.ContentPageFactory(parent=parent)
        html = browser.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content
        assert axe_spec(html)["allowedOrigins"] == [origin]
        names = ("cms", "contentpage", parent.pk)
        html = browser.get(reverse("wagtailadmin_pages:add", args=names)).content
        assert axe_spec(html)["allowedOrigins"] == [origin]
