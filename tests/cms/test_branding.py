"""The name and the logo of the organisation, wherever the admin shows one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import SiteSettings
from tests import factories
from tests.cms.admin import soup

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def kept() -> SiteSettings:
    """The settings of the default site, with a name and a logo."""
    return SiteSettings.objects.create(
        site=factories.default_site(),
        organisation="Human Dignity Foundation",
        logo=factories.ImageFactory(),
    )


def test_the_admin_has_the_name_and_the_logo_of_the_organisation(
    kept: SiteSettings, editor: Client
) -> None:
    home = soup(editor.get(reverse("wagtailadmin_home")))
    assert home.title.get_text().strip().endswith("- Human Dignity Foundation")
    assert home.h1.get_text(strip=True) == "Human Dignity Foundation"
    address = home.find("template").find("img")["src"]
    assert address.startswith("/media/images/")
    assert address.endswith(".png")
    assert home.select_one("link[rel=icon]")["href"].startswith("/media/images/")


def test_whoever_signs_in_sees_where(kept: SiteSettings, client: Client) -> None:
    page = soup(client.get(reverse("wagtailadmin_login")))
    assert page.h1.get_text(strip=True) == "Sign in to Human Dignity Foundation"
    assert page.select_one(".login-logo img")["alt"] == "Human Dignity Foundation"
    assert "Wagtail" not in page.title.get_text()


def test_without_settings_there_are_the_name_of_the_service_and_a_neutral_mark(
    client: Client, editor: Client, settings: Any
) -> None:
    factories.default_site()
    settings.WAGTAIL_SITE_NAME = "A service"
    for page in (
        soup(Client().get(reverse("wagtailadmin_login"))),
        soup(editor.get(reverse("wagtailadmin_home"))),
    ):
        assert page.title.get_text().strip().endswith("- A service")
        assert page.find("img", class_="cms-mark")["src"].endswith("mark.svg")
        assert page.select_one("link[rel=icon]")["href"].endswith("mark.svg")
        assert not page.select(".icon-wagtail")


def test_a_logo_whose_file_is_gone_keeps_nobody_out(kept: SiteSettings, client: Client) -> None:
    logo: Any = kept.logo
    logo.file.storage.delete(logo.file.name)
    page = soup(client.get(reverse("wagtailadmin_login")))
    assert page.select_one("link[rel=icon]")["href"].endswith("mark.svg")


def test_readers_get_no_logo_of_the_admin(kept: SiteSettings, client: Client) -> None:
    assert "logo" not in client.get("/api/v2/site/").json()


def test_a_page_that_is_not_there_has_no_mark_of_wagtail(editor: Client) -> None:
    response = editor.get("/admin/nothing-here/")
    assert response.status_code == 404
    assert "icon-wagtail" not in response.content.decode()
