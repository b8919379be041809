"""What would take a server for minutes, since too much is below a page, is refused with a sentence."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from cms import large_sections
from cms.models import ContentPage
from tests import factories
from tests.cms.admin import soup
from tests.filled import copies

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SAID = "More than 3 pages are below what is chosen, and so many cannot be done at once."


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take three pages for what can be done at once."""
    monkeypatch.setattr(large_sections, "MOST", 3)


def section(below: int) -> Page:
    """Return a page with so many below it."""
    parent = factories.home().add_child(instance=ContentPage(title=f"Section of {below}"))
    copies(parent.add_child(instance=ContentPage(title="Child")), below)
    return Page.objects.get(pk=parent.pk)


def address(action: str, page: Page) -> str:
    """Return where it is done with a page."""
    if action == "translate":
        return reverse("simple_translation:submit_page_translation", args=[page.pk])
    name, _, action = action.rpartition(" ")
    if name:
        return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?id={page.pk}&next=/admin/"
    return reverse(f"wagtailadmin_pages:{action}", args=[page.pk])


def sent(action: str, page: Page) -> dict[str, Any]:
    """Return what its form sends when what is below is to go with it."""
    return {
        "include_descendants": "on",
        "copy_subpages": "on",
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": page.get_parent().pk,
        "include_subtree": "on",
        "locales": [locale.pk for locale in Locale.objects.exclude(pk=page.locale_id)],
        "confirm_site_name": settings.WAGTAIL_SITE_NAME,
    }


def state() -> list[Any]:
    """Return all pages, and which are live."""
    return list(Page.objects.order_by("pk").values_list("pk", "live"))


ACTIONS = [
    "delete",
    "unpublish",
    "copy",
    "translate",
    "bulk delete",
    "bulk unpublish",
    "bulk publish",
]


@pytest.fixture(params=ACTIONS)
def action(request: pytest.FixtureRequest) -> str:
    """Each of what is done with all that is below."""
    if request.param == "translate":
        french = Locale.objects.create(language_code="fr")
        factories.home().copy_for_translation(french, copy_parents=True)
    return str(request.param)


def test_too_many_below_are_refused_with_a_sentence_and_nothing_is_changed(
    administrator: Client, action: str
) -> None:
    page = section(4)
    if "publish" in action.split():
        page.get_descendants().update(live=False)
    before = state()
    response = administrator.post(address(action, page), sent(action, page), follow=True)
    assert SAID in soup(response).get_text(" ", strip=True)
    assert state() == before


def test_as_many_as_may_be_are_done(administrator: Client, action: str) -> None:
    page = section(3)
    if "publish" in action.split():
        page.get_descendants().update(live=False)
    before = state()
    response = administrator.post(address(action, page), sent(action, page), follow=True)
    assert SAID not in soup(response).get_text(" ", strip=True)
    changed = set(before) ^ set(state())
    assert len(changed) >= 3


def test_a_page_is_done_by_itself_however_many_are_below(administrator: Client) -> None:
    page = section(4)
    administrator.post(address("unpublish", page), {})
    assert not Page.objects.get(pk=page.pk).live
    assert page.get_descendants().live().count() == 4
    values = {**sent("copy", page), "copy_subpages": ""}
    administrator.post(address("copy", page), values)
    assert Page.objects.get(slug="copy").numchild == 0


def test_pages_of_two_sections_are_counted_together(administrator: Client) -> None:
    pages = [section(2), section(2)]
    before = state()
    query = "&".join(f"id={page.pk}" for page in pages)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    response = administrator.post(f"{bulk}?{query}&next=/admin/", sent("", pages[0]), follow=True)
    assert SAID in soup(response).get_text(" ", strip=True)
    assert state() == before
