"""The editors' guide in the admin: found behind Help, with its pictures, and nothing else of the disk."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests import factories
from tests.cms.admin import edit_url, soup

pytestmark = [pytest.mark.django_db, pytest.mark.once]

GUIDE = "/admin/help/"


def test_the_guide_is_a_page_with_its_tables_pictures_and_sections(editor: Client) -> None:
    page = soup(editor.get(GUIDE))
    guide = page.select_one(".cms-guide")
    assert guide.select("table td")
    assert len(page.select("h1")) == 1
    for link in page.select(".cms-guide-contents a"):
        assert guide.select_one(link["href"]).name == "h2"
    pictures = guide.select("img")
    assert pictures
    for picture in pictures:
        assert picture["alt"]
        response = editor.get(picture["src"])
        assert response.headers["Content-Type"] == "image/png"
        assert b"".join(response.streaming_content).startswith(b"\x89PNG")


def test_every_page_type_leads_to_its_section(editor: Client) -> None:
    sections = {one["id"] for one in soup(editor.get(GUIDE)).select(".cms-guide [id]")}
    assert {ProgrammePage.guide_section, InsightPage.guide_section, "blocks"} <= sections
    page = factories.ProgrammePageFactory()
    html = editor.get(edit_url(page)).content.decode()
    assert f"{GUIDE}#{ProgrammePage.guide_section}" in html


def test_help_offers_the_guide_and_nothing_of_other_websites(editor: Client) -> None:
    html = editor.get(reverse("wagtailadmin_home")).content.decode()
    assert GUIDE in html
    for elsewhere in ("guide.wagtail.org", "docs.wagtail.org", "whats-new"):
        assert elsewhere not in html
    assert "keyboard-shortcuts-trigger" in html


@pytest.mark.parametrize(
    "name",
    ["nothing.png", "..%2Feditors.md", "%2e%2e%2feditors.md", "editors.md", "%00", ".", "a" * 300],
)
def test_only_pictures_of_the_guide_are_given(editor: Client, name: str) -> None:
    assert editor.get(f"{GUIDE}images/{name}").status_code in {301, 404}


def test_the_guide_is_for_those_who_are_logged_in(client: Client) -> None:
    for address in (GUIDE, f"{GUIDE}images/programmes.png"):
        assert "/login/" in client.get(address).headers["Location"]


def test_without_its_file_the_page_says_so_and_a_check_warns(
    editor: Client, settings: Any, tmp_path: Path
) -> None:
    assert not [one for one in run_checks() if one.id == "cms.W041"]
    settings.EDITORS_GUIDE = tmp_path / "editors.md"
    assert "The guide is not installed here." in editor.get(GUIDE).content.decode()
    assert [one for one in run_checks() if one.id == "cms.W041"]
    settings.EDITORS_GUIDE.write_text(
        "# Guide\n\n<script>alert(1)</script> [x](javascript:alert(1))"
    )
    html = BeautifulSoup(editor.get(GUIDE).content, "html.parser").select_one(".cms-guide")
    assert "alert(1)" in html.get_text()
    assert not html.select("script, a")
