"""Bulk actions do what they can, say what they leave and why, and never end in an error."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from cms import bulk_actions
from cms.models import ContentPage
from cms.searched_text import keep
from tests import factories
from tests.cms.admin import soup
from tests.filled import copies

pytestmark = pytest.mark.django_db

TOO_MANY = (
    "More than 3 pages are chosen, and so many cannot be done at once. Nothing is changed. Choose fewer, or filter the "
    "list first."
)
MAY_NOT = "is left as it is: you may not do this with it."


@pytest.fixture(autouse=True)
def as_in_service(moderator: Client, editor: Client) -> None:
    """Get what a browser gets where something goes wrong."""
    moderator.raise_request_exception = editor.raise_request_exception = False


def send(browser: Client, action: str, keys: list[Any], **sent: str) -> Any:
    """Do something with several pages at once."""
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    query = "&".join(f"id={getattr(key, 'pk', key)}" for key in keys)
    return browser.post(f"{address}?{query}&next=/admin/", sent)


def told(browser: Client, action: str, keys: list[Any], **sent: str) -> list[str]:
    """Do it, and return what is said of it."""
    response = send(browser, action, keys, **sent)
    assert response.status_code == 302, response
    shown = soup(browser.get(response.headers["Location"]))
    for hidden in shown.select(".messages .w-hidden"):
        hidden.decompose()
    return [
        " ".join(item.get_text(" ", strip=True).split()) for item in shown.select(".messages li")
    ]


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete", "move"])
@pytest.mark.parametrize("key", ["x", "", "-1", "1e3", "9" * 400, "٣", "999999", "%00"])
def test_keys_that_are_none_are_no_error(moderator: Client, action: str, key: str) -> None:
    assert send(moderator, action, [key]).status_code == 404


@pytest.mark.parametrize("key", ["x", "", "9" * 400, "999999", "%00"])
def test_a_parent_of_all_that_is_none_is_no_error(moderator: Client, key: str) -> None:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    assert moderator.get(f"{address}?id=all&childOf={key}&next=/admin/").status_code == 404


@pytest.mark.parametrize("place", ["x", "", "-1", "9" * 400, "999999"])
def test_a_destination_that_is_none_is_no_error(moderator: Client, place: str) -> None:
    page = factories.ContentPageFactory()
    response = send(moderator, "move", [page], chooser=place)
    assert response.status_code == 200
    assert response.context["form"].errors["chooser"]


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete"])
def test_whoever_may_do_nothing_is_told(editor: Client, action: str) -> None:
    page = factories.ContentPageFactory(title="T")
    assert told(editor, action, [page]) == [f"“T” {MAY_NOT}"]
    assert Page.objects.filter(pk=page.pk, live=True).exists()


def test_what_is_not_published_is_named_and_the_rest_unpublished(moderator: Client) -> None:
    live, draft = (
        factories.ContentPageFactory(),
        factories.ContentPageFactory(title="D", live=False),
    )
    assert told(moderator, "unpublish", [live, draft]) == [
        "“D” is left as it is: it is not published.",
        "1 page has been unpublished",
    ]


def test_home_is_not_deleted_with_the_rest(moderator: Client) -> None:
    page = factories.ContentPageFactory()
    assert told(moderator, "delete", [factories.home(), page]) == [
        "“Home” is left as it is: there are pages below it.",
        "1 page has been deleted",
    ]


def test_an_alias_and_its_original_are_unpublished_published_and_deleted(moderator: Client) -> None:
    page = factories.InsightPageFactory(title="A")
    alias = page.create_alias(parent=factories.home(), update_slug="alias")
    assert "been unpublished" in told(moderator, "unpublish", [page, alias])[-1]
    alias.refresh_from_db()
    assert not alias.live
    messages = told(moderator, "publish", [page, alias])
    assert messages[0].startswith("“A” is not published. It shows another page")
    assert messages[1] == "1 page has been published"
    alias.refresh_from_db()
    assert alias.live
    assert told(moderator, "delete", [page, alias]) == ["2 pages have been deleted"]


@pytest.mark.parametrize(
    ("action", "done"),
    [("publish", "published"), ("unpublish", "unpublished"), ("delete", "deleted")],
)
def test_what_is_below_another_chosen_page_counts_once(
    administrator: Client, action: str, done: str
) -> None:
    live = action != "publish"
    above = factories.ContentPageFactory(live=live)
    below = factories.ContentPageFactory(parent=above, live=live)
    assert told(administrator, action, [below, above], include_descendants="on") == [
        f"1 page and 1 child page have been {done}"
    ]


def test_two_pages_with_one_slug_are_not_moved_to_one_place(moderator: Client) -> None:
    places = factories.ContentPageFactory.create_batch(2)
    pages = [factories.ContentPageFactory(parent=place, slug="same") for place in places]
    [message] = told(moderator, "move", pages, chooser=str(factories.home().pk))
    assert message.startswith("Nothing was changed. The slug 'same' is already in use")


def test_all_in_the_list_are_those_that_the_list_shows(moderator: Client) -> None:
    theme = factories.ThemeFactory()
    inside = factories.InsightPageFactory(title="Inside", themes=[theme])
    outside = factories.InsightPageFactory(title="Outside")
    programme = factories.ProgrammePageFactory()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    following = f"/admin/insights/?themes={theme.pk}&q=insi"
    moderator.post(f"{address}?{urlencode({'id': 'all', 'next': following})}")
    live = set(Page.objects.live().values_list("pk", flat=True))
    assert inside.pk not in live
    assert {outside.pk, programme.pk, factories.home().pk} <= live


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete", "move"])
def test_more_than_can_be_done_at_once_are_refused_and_nothing_is_changed(
    moderator: Client, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    monkeypatch.setattr(bulk_actions, "MOST", 3)
    pages = [factories.ContentPageFactory() for _ in range(4)]
    assert told(moderator, action, pages) == [TOO_MANY]
    assert Page.objects.filter(pk__in=[page.pk for page in pages], live=True).count() == 4
    assert send(moderator, action, pages[:3]).status_code in (200, 302)


@pytest.mark.once
@pytest.mark.parametrize("q", ["", "Child"])
def test_all_of_a_long_list_are_not_even_read(
    moderator: Client, monkeypatch: pytest.MonkeyPatch, q: str
) -> None:
    monkeypatch.setattr(bulk_actions, "MOST", 5)
    rows = {}
    for count in (20, 40):
        parent = factories.home().add_child(instance=ContentPage(title=f"Parent {count}"))
        copies(parent.add_child(instance=ContentPage(title="Child")), count)
        for child in parent.get_children():
            keep(child)
        here = urlencode({"next": f"{reverse('wagtailadmin_explore', args=[parent.pk])}?q={q}"})
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
        chosen = f"{address}?id=all&childOf={parent.pk}&{here}"
        moderator.get(chosen)
        rows[count] = taken(moderator, chosen)
    assert rows[20] == rows[40]
    assert rows[40][1] < 20


def taken(browser: Client, chosen: str) -> tuple[int, int]:
    """Ask for an action on too many pages; return how many queries that takes, and how many pages are read."""
    made = []

    def count(sender: Any, **kwargs: Any) -> None:
        if issubclass(sender, Page):
            made.append(sender)

    post_init.connect(count)
    try:
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(chosen)
    finally:
        post_init.disconnect(count)
    assert response.status_code == 302
    assert "More than 5 pages are chosen" in soup(browser.get(response["Location"])).get_text()
    return len(queries), len(made)
