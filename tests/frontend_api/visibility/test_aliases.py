"""An alias is public when its original is, whatever its own row says."""

import datetime
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from insights.models import InsightPage
from tests import factories, previews
from tests.frontend_api.conftest import Clock, Get, titles

pytestmark = pytest.mark.django_db

TOMORROW = datetime.timedelta(days=1)


@pytest.fixture
def original() -> InsightPage:
    """A page that is written and not published."""
    page: InsightPage = factories.InsightPageFactory(title="Embargoed", slug="original", live=False)
    page.save_revision()
    return page


@pytest.fixture
def alias(original: InsightPage) -> Page:
    """Its alias, in another section."""
    alias: Page = original.create_alias(parent=factories.home(), update_slug="alias")
    return alias


def schedule(page: InsightPage, title: str = "") -> Revision:
    """Schedule a page as the admin does."""
    page = InsightPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    page.title = title or page.title
    page.go_live_at = timezone.now() + TOMORROW
    revision: Revision = page.save_revision()
    revision.publish()
    return revision


def is_public(client: Client, page: Page) -> bool:
    """Tell whether a page is anywhere, after asking everywhere."""
    path = Page.objects.get(pk=page.pk).get_url_parts()[2]
    answers = [
        client.get(f"/api/v2/pages/{page.pk}/").status_code == 200,
        client.get("/api/v2/pages/find/", {"html_path": path}).status_code == 200,
        page.pk in [item["id"] for item in client.get("/api/v2/pages/?limit=100").json()["items"]],
        page.pk in [item["id"] for item in client.get("/api/v2/insights/").json()["items"]],
    ]
    assert len(set(answers)) == 1, answers
    return answers[0]


def test_an_alias_of_a_scheduled_page_waits_with_it(
    client: Client, original: InsightPage, alias: Page, clock: Clock
) -> None:
    schedule(original)
    assert not is_public(client, original)
    assert not is_public(client, alias)
    assert client.get("/api/v2/pages/?search=embargoed").json()["meta"]["total_count"] == 0
    # Nor does its row say so, of which it could be copied.
    assert not Page.objects.get(pk=alias.pk).live
    clock.shift = 2 * TOMORROW
    call_command("publish_scheduled", stdout=StringIO())
    assert is_public(client, original)
    assert is_public(client, alias)


def test_an_alias_of_an_alias_waits_too(
    client: Client, original: InsightPage, alias: InsightPage
) -> None:
    second = alias.create_alias(parent=factories.insight_index(), update_slug="second")
    schedule(original)
    assert not is_public(client, second)
    original.save_revision().publish()
    assert is_public(client, second)


def test_what_is_published_already_stays_while_its_next_text_is_scheduled(
    client: Client, original: InsightPage, alias: Page
) -> None:
    original.save_revision().publish()
    schedule(original, "The next text")
    for page in (original, alias):
        assert client.get(f"/api/v2/pages/{page.pk}/").json()["title"] == "Embargoed"
    assert client.get("/api/v2/pages/?search=next").json()["meta"]["total_count"] == 0


def rows_say_live(page: Page) -> None:
    """Leave a row as Wagtail wrote it until it was mended, or as a script does."""
    Page.objects.filter(pk=page.pk).update(live=True)


def unpublish(page: InsightPage) -> None:
    page.unpublish()


def expire(page: InsightPage) -> None:
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - TOMORROW)


def move_below_a_draft(page: InsightPage) -> None:
    section = factories.ContentPageFactory(live=False)
    page.move(section, pos="last-child")


def move_below_what_is_restricted(page: InsightPage) -> None:
    section = factories.ContentPageFactory()
    factories.restrict(section)
    page.move(section, pos="last-child")


@pytest.mark.parametrize(
    "hide",
    [
        unpublish,
        expire,
        factories.restrict,
        move_below_a_draft,
        move_below_what_is_restricted,
    ],
    ids=lambda hide: hide.__name__,
)
def test_whatever_hides_the_original_hides_its_aliases(
    client: Client,
    original: InsightPage,
    alias: InsightPage,
    hide: Callable[[InsightPage], None],
) -> None:
    second = alias.create_alias(parent=factories.home(), update_slug="second")
    below = factories.ContentPageFactory(parent=alias, title="Below an alias")
    original.save_revision().publish()
    everywhere = (original, alias, second)
    assert all(is_public(client, page) for page in everywhere)
    assert client.get(f"/api/v2/pages/{below.pk}/").status_code == 200
    hide(InsightPage.objects.get(pk=original.pk))
    for page in everywhere:
        if page != original:
            rows_say_live(page)
        assert not is_public(client, page), page.slug
    assert client.get(f"/api/v2/pages/{below.pk}/").status_code == 404


@pytest.mark.parametrize(
    "hide", [expire, factories.restrict, move_below_a_draft], ids=lambda hide: hide.__name__
)
def test_an_alias_by_way_of_another_site_is_hidden_too(
    client: Client, original: InsightPage, hide: Callable[[InsightPage], None]
) -> None:
    original.save_revision().publish()
    home = Page.get_first_root_node().add_child(instance=Page(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=home)
    between = InsightPage.objects.get().create_alias(parent=home, update_slug="between")
    last = between.create_alias(parent=factories.home(), update_slug="last")
    assert is_public(client, last)
    hide(InsightPage.objects.get(pk=original.pk))
    assert client.get(f"/api/v2/pages/{between.pk}/?site=other.example").status_code == 404
    assert not is_public(client, last)


def test_an_alias_that_was_live_before_its_original_is_seen_by_nobody(
    client: Client, original: InsightPage, alias: Page
) -> None:
    schedule(original)
    rows_say_live(alias)
    assert not is_public(client, alias)


def test_an_alias_becomes_a_page_of_its_own_as_unpublished_as_it_was(
    client: Client, original: InsightPage, alias: Page
) -> None:
    schedule(original)
    browser, _ = previews.log_in()
    browser.post(f"/admin/pages/{alias.pk}/convert_alias/")
    alias = Page.objects.get(pk=alias.pk)
    assert alias.alias_of is None
    assert not is_public(client, alias)


def test_an_alias_is_left_unpublished_where_its_original_is_deleted(
    client: Client, original: InsightPage, alias: Page
) -> None:
    schedule(original)
    InsightPage.objects.get(pk=original.pk).delete()
    left = Page.objects.filter(pk=alias.pk).first()
    assert left is None or not is_public(client, left)


def test_a_copy_with_an_alias_in_it_shows_no_more(
    client: Client, original: InsightPage, alias: Page
) -> None:
    schedule(original)
    alias.refresh_from_db()
    copy = factories.home().copy(
        recursive=True, update_attrs={"slug": "copy"}, to=Page.get_first_root_node()
    )
    assert not copy.get_descendants().filter(title="Embargoed", live=True).exists()


def test_a_public_original_and_its_alias_are_both_listed(
    get: Get, original: InsightPage, alias: Page
) -> None:
    original.save_revision().publish()
    assert titles(get("insights/")) == ["Embargoed", "Embargoed"]
