"""Where a link in rich text may lead, however it got there: typed, pasted, or sent by a program."""

import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from cms.blocks import LINE_FEATURES, RICH_TEXT_FEATURES
from cms.models.pages import PLAIN_TEXT_FEATURES
from tests import factories

KEPT = [
    "https://example.org/",
    "HTTPS://example.org/a?b=c#d",
    "http://localhost/programmes/",
    "mailto:somebody@example.org",
    "tel:+4912345",
    "/search/?q=report",
    "#phases",
]
LEADS_NOWHERE = [
    "",
    "#",
    "#_ftn1",
    "#_ftnref1",
    "#_Toc1234567",
    "#sdfootnote1sym",
    "#ftnt1",
    "#heading=h.abc",
    "https://docs.google.com/document/d/1/edit#heading=h.abc",
    "file:///C:/Users/editor/report.docx",
    "annex.html",
    "../annex.html",
    "//example.org/",
    "/\\example.org/",
    "\\\\server\\share",
    "javascript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
    "about:blank#_ftn1",
    "ftp://example.org/",
    "/admin/pages/3/edit/#_ftn1",
    "/admin",
    "http://localhost:8000/admin/pages/3/edit/",
    "http://LOCALHOST:8000/admin/",
    "https://[broken/",
]


def sent(address: object) -> str:
    """Return rich text with one link as the editor sends it."""
    return json.dumps(
        {
            "blocks": [
                {
                    "key": "a",
                    "type": "unstyled",
                    "depth": 0,
                    "text": "See this.",
                    "inlineStyleRanges": [],
                    "entityRanges": [{"offset": 4, "length": 4, "key": 0}],
                }
            ],
            "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": address}},
        }
    )


def link_stored(address: object, features: list[str] = RICH_TEXT_FEATURES) -> str | None:
    """Return where the link leads in what is stored of it; its text is always there."""
    html = ContentstateConverter(features).to_database_format(sent(address))
    text = BeautifulSoup(html, "html.parser")
    assert text.get_text() == "See this."
    return str(text.a["href"]) if text.a else None


@pytest.mark.once
@pytest.mark.parametrize("address", KEPT)
def test_a_link_for_readers_is_kept(address: str) -> None:
    assert link_stored({"url": address}) == address


@pytest.mark.once
@pytest.mark.parametrize("address", LEADS_NOWHERE)
@pytest.mark.parametrize("features", [RICH_TEXT_FEATURES, LINE_FEATURES, PLAIN_TEXT_FEATURES])
def test_a_link_that_leads_readers_nowhere_is_its_text(address: str, features: list[str]) -> None:
    assert link_stored({"url": address}, features) is None


@pytest.mark.once
@pytest.mark.parametrize("data", [{}, {"url": None}, {"url": 7}, {"url": ["https://a.example/"]}])
def test_what_is_no_address_is_no_link(data: object) -> None:
    assert link_stored(data) is None


@pytest.mark.once
def test_a_link_to_a_page_is_kept() -> None:
    html = ContentstateConverter(RICH_TEXT_FEATURES).to_database_format(
        sent({"id": 3, "url": "/x/"})
    )
    assert 'linktype="page"' in html
    assert 'id="3"' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/admin/pages/3/", "ftp://example.org/", "https://a.example/#_ftn1"]
)
def test_the_dialog_says_why_it_takes_no_such_address(editor: Client, address: str) -> None:
    factories.home()
    url = reverse("wagtailadmin_choose_page_external_link")
    response = editor.post(url, {"external-link-chooser-url": address})
    assert "Readers cannot follow this address." in response.json()["html"]
    taken = editor.post(url, {"external-link-chooser-url": "https://example.org/"})
    assert taken.json()["step"] == "external_link_chosen"


@pytest.mark.django_db
def test_the_dialog_is_for_those_who_are_logged_in(client: Client) -> None:
    response = client.get(reverse("wagtailadmin_choose_page_external_link"))
    assert response.headers["Location"].startswith(reverse("wagtailadmin_login"))
