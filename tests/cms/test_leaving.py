"""Deleting and unpublishing pages: what readers find at their addresses from then on."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from frontend_api.redirects.models import FormerPath
from tests import factories

from .admin import soup

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(db: None) -> Page:
    """A section with a page below it, and a draft that readers do not see."""
    section = factories.ContentPageFactory(slug="section")
    factories.ContentPageFactory(parent=section, slug="child")
    factories.ContentPageFactory(parent=section, slug="draft", live=False)
    return section


@pytest.fixture
def other(db: None) -> Page:
    return factories.ContentPageFactory(slug="other", title="Other")


def at(client: Client, path: str) -> Any:
    """Return what is found at a path: the status, and where it leads."""
    response = Client().get("/api/v2/pages/find/", {"html_path": path})
    redirect = response.json().get("redirect")
    return (redirect["status"], redirect["url"]) if redirect else response.status_code


def one(action: str, page: Page) -> str:
    return reverse(f"wagtailadmin_pages:{action}", args=[page.pk])


def several(action: str, *pages: Page) -> str:
    names = ("wagtailcore", "page", action)
    query = "&".join(f"id={page.pk}" for page in pages)
    return f"{reverse('wagtail_bulk_action', args=names)}?next=/admin/&{query}"


ADDRESSES = {"one": one, "several": several}
ACTIONS = ("delete", "unpublish")
both = pytest.mark.parametrize("action", ACTIONS)
either_way = pytest.mark.parametrize("way", ADDRESSES)


@both
@either_way
def test_the_question_is_asked_in_the_form(
    administrator: Client, section: Page, action: str, way: str
) -> None:
    page = soup(administrator.get(ADDRESSES[way](action, section)))
    form = next(form for form in page.find_all("form") if form.find(attrs={"name": "leaving"}))
    assert form.find(attrs={"name": "csrfmiddlewaretoken"})
    assert form.find(attrs={"name": "leaving_page"})
    assert form.find(attrs={"name": "leaving_address"})
    labels = [label.get_text(strip=True) for label in form.select("[id^=id_leaving] label")]
    assert labels == [
        "Nothing: “page not found”",
        "Another page",
        "Another website, or any address",
        "That it is gone for good",
    ]


@both
@either_way
def test_nothing_is_asked_of_what_readers_do_not_see(
    administrator: Client, section: Page, action: str, way: str
) -> None:
    factories.restrict(section)
    page = soup(administrator.get(ADDRESSES[way](action, section)))
    assert not page.find(attrs={"name": "leaving"})


@both
@either_way
def test_without_an_answer_there_is_nothing(
    administrator: Client, section: Page, action: str, way: str
) -> None:
    assert administrator.post(ADDRESSES[way](action, section)).status_code == 302
    assert at(administrator, "/section/") == 404
    assert not Redirect.objects.exists()
    assert not FormerPath.objects.exists()


@both
@either_way
def test_readers_are_sent_to_a_page(
    administrator: Client, section: Page, other: Page, action: str, way: str
) -> None:
    Redirect.add_redirect("/older", section)
    sent = {"leaving": "page", "leaving_page": other.pk}
    assert administrator.post(ADDRESSES[way](action, section), sent).status_code == 302
    led = (301 if action == "delete" else 302, "/other/")
    for path in ("/section/", "/section/child/", "/older/"):
        assert at(administrator, path) == led, path
    assert at(administrator, "/section/draft/") == 404


@both
@either_way
def test_readers_are_sent_to_an_address(
    administrator: Client, section: Page, action: str, way: str
) -> None:
    sent = {"leaving": "address", "leaving_address": "https://example.com/new"}
    assert administrator.post(ADDRESSES[way](action, section), sent).status_code == 302
    status = 301 if action == "delete" else 302
    assert at(administrator, "/section/child/") == (status, "https://example.com/new")


@both
@either_way
def test_what_is_gone_for_good_is_said_to_be(
    administrator: Client, section: Page, action: str, way: str
) -> None:
    Redirect.add_redirect("/older", section)
    assert (
        administrator.post(ADDRESSES[way](action, section), {"leaving": "gone"}).status_code == 302
    )
    for path in ("/section/", "/section/child/", "/older"):
        assert at(administrator, path) == 410, path
    assert at(administrator, "/section/draft/") == 404


@either_way
def test_a_page_that_is_published_again_is_found_again(
    administrator: Client, section: Page, other: Page, way: str
) -> None:
    Redirect.add_redirect("/older", section, site=section.get_site())
    for sent in ({"leaving": "gone"}, {"leaving": "page", "leaving_page": other.pk}):
        administrator.post(ADDRESSES[way]("unpublish", section), sent)
        Page.objects.get(pk=section.pk).specific.save_revision().publish()
        assert at(administrator, "/section/") == 200
        assert at(administrator, "/older") == (301, "/section/")
        assert at(administrator, "/section/child/") == 200
        # Nothing of it is left for the next time.
        Page.objects.get(pk=section.pk).specific.unpublish()
        assert at(administrator, "/section/") == 404
        Page.objects.get(pk=section.pk).specific.save_revision().publish()


def test_a_page_that_comes_to_where_one_was_ends_that_it_is_gone(
    administrator: Client, section: Page
) -> None:
    administrator.post(one("delete", section), {"leaving": "gone"})
    new = factories.ContentPageFactory(slug="section")
    assert at(administrator, "/section/") == 200
    assert at(administrator, "/section/child/") == 410
    new.delete()
    assert at(administrator, "/section/") == 404


@both
@either_way
def test_where_readers_cannot_go_is_refused_with_a_sentence(
    administrator: Client, section: Page, other: Page, action: str, way: str
) -> None:
    child = section.get_children().get(slug="child")
    draft = factories.ContentPageFactory(slug="hidden", live=False)
    root = factories.default_site().root_url
    for sent, sentence in (
        ({"leaving": "page"}, "Choose the page to send readers to."),
        ({"leaving": "page", "leaving_page": child.pk}, "This page ends, too."),
        ({"leaving": "page", "leaving_page": draft.pk}, "Readers do not see this page."),
        ({"leaving": "page", "leaving_page": "x"}, "Choose the page to send readers to."),
        ({"leaving": "address"}, "Write the address to send readers to."),
        ({"leaving": "address", "leaving_address": "nothing here"}, "Enter a valid URL."),
        (
            {"leaving": "address", "leaving_address": f"{root}/section/child?a=1"},
            "This address ends, too, or leads back.",
        ),
        ({"leaving": "nonsense"}, "Select a valid choice."),
    ):
        response = administrator.post(ADDRESSES[way](action, section), sent)
        assert sentence in soup(response).get_text(" ", strip=True), sent
        assert at(administrator, "/section/") == 200


def test_many_pages_are_led_elsewhere_at_once(administrator: Client, other: Page) -> None:
    section = factories.ContentPageFactory(slug="large")
    long = factories.ContentPageFactory(parent=section, slug="l" * 200)
    longer = factories.ContentPageFactory(parent=long, slug="m" * 200)
    path = f"/large/{long.slug}/{longer.slug}/"
    administrator.post(one("delete", section), {"leaving": "page", "leaving_page": other.pk})
    assert at(administrator, path) == (301, "/other/")
