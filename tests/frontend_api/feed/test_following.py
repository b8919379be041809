"""What is written to the feed, in the transaction of each change."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from frontend_api.changes.tags import table
from frontend_api.changes.transaction import invalidate_all, transaction
from frontend_api.changes.writing import changes_written
from frontend_api.feed import following, reading
from frontend_api.feed.models import PublicChange, PublicObject, PublicState
from insights.models import InsightPage
from tests import factories
from tests.events.models import Person
from tests.publishing import publish_unchecked

pytestmark = pytest.mark.django_db

Told = list[tuple[str, str, str, str]]


def told(act: Callable[[], Any]) -> Told:
    """Return what readers are told of pages in one transaction: kind, path, path before, and language."""
    before = reading.newest()
    with transaction():
        act()
    changes = reading.changes_after(before, 1_000)
    assert [one.number for one in changes] == list(range(before + 1, before + 1 + len(changes)))
    assert len({one.stamp for one in changes}) <= 1
    return [
        (one.kind, one.path, one.path_before, one.locale)
        for one in changes
        if one.kind in {"published", "updated", "moved", "gone"}
    ]


def publish(page: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    publish_unchecked(page.save_revision())


def test_a_section_takes_all_below_it_along() -> None:
    section = factories.ContentPageFactory(slug="section")
    factories.ContentPageFactory(parent=section, slug="a")
    factories.ContentPageFactory(parent=section, slug="b", live=False)
    assert sorted(told(lambda: publish(section, slug="other"))) == [
        ("moved", "/other/", "/section/", "en-gb"),
        ("moved", "/other/a/", "/section/a/", "en-gb"),
    ]
    assert sorted(told(section.unpublish)) == [
        ("gone", "", "/other/", "en-gb"),
        ("gone", "", "/other/a/", "en-gb"),
    ]
    assert sorted(told(lambda: publish(section))) == [
        ("published", "/other/", "", "en-gb"),
        ("published", "/other/a/", "", "en-gb"),
    ]


def test_what_happens_and_is_undone_in_one_transaction_is_told_as_it_ended() -> None:
    page = factories.ContentPageFactory(slug="a")

    def down_and_up() -> None:
        page.unpublish()
        publish(page)

    assert told(down_and_up) == [("updated", "/a/", "", "en-gb")]

    def up_and_down() -> None:
        factories.ContentPageFactory(slug="b").delete()

    assert told(up_and_down) == []


def test_of_a_page_in_another_language_those_of_the_old_one_are_told_that_it_is_gone() -> None:
    page = factories.ContentPageFactory(slug="a")
    french, _ = Locale.objects.get_or_create(language_code="fr")

    def translate() -> None:
        page.locale = french
        page.save()

    assert told(translate) == [("gone", "", "/a/", "en-gb"), ("published", "/a/", "", "fr")]


def test_two_sites_that_begin_at_the_same_page_are_both_told() -> None:
    home = Page.objects.get(pk=factories.default_site().root_page_id)
    page = factories.ContentPageFactory(slug="a")
    kept = told(lambda: Site.objects.create(hostname="other.example.org", root_page=home))
    assert ("published", "/a/", "", "en-gb") in kept
    assert told(lambda: publish(page)) == [("updated", "/a/", "", "en-gb")] * 2


def test_the_feed_of_a_site_that_is_there_already_begins_without_its_pages() -> None:
    factories.ContentPageFactory()
    PublicChange.objects.all().delete()
    PublicObject.objects.all().delete()
    PublicState.objects.all().delete()
    assert reading.newest() == 1
    assert [(one.kind, one.tags) for one in reading.changes_after(0, 10)] == [("bumped", ["*"])]
    assert told(invalidate_all) == []
    assert (
        PublicObject.objects.filter(object_type="page").count() == Page.objects.live().count() - 1
    )


def test_what_is_changed_past_django_is_found_once_that_is_said() -> None:
    page = factories.ContentPageFactory(slug="a")
    Page.objects.filter(pk=page.pk).update(live=False)
    assert told(invalidate_all) == [("gone", "", "/a/", "en-gb")]


@pytest.mark.parametrize("what", ["add", "save", "delete"])
def test_what_is_hidden_is_told_of_where_a_part_of_it_may_be_seen(what: str) -> None:
    # A sponsor is a person, and persons cannot be hidden: an event credits them whether they sponsor or not.
    sponsor = factories.SponsorFactory(live=False)

    def change() -> None:
        if what == "add":
            factories.SponsorFactory(live=False)
        elif what == "save":
            sponsor.name = "Another name"
            sponsor.save()
        else:
            sponsor.delete()

    number = reading.newest()
    with transaction():
        change()
    tags = {tag for one in reading.changes_after(number, 10) for tag in one.tags}
    assert table(Person) in tags


def test_of_a_page_with_another_slug_what_is_below_it_is_looked_at_and_nothing_else() -> None:
    section = factories.ContentPageFactory(slug="a")
    factories.ContentPageFactory(slug="b", parent=section)
    for number in range(10):
        factories.ContentPageFactory(slug=f"c{number}")
    section.slug = "d"
    with CaptureQueriesContext(connection) as captured:
        moved = told(section.save)
    assert moved == [("moved", "/d/", "/a/", "en-gb"), ("moved", "/d/b/", "/a/b/", "en-gb")]
    read = f'FROM "{PublicObject._meta.db_table}" WHERE'
    of_ledger = [one["sql"] for one in captured if "SELECT" in one["sql"] and read in one["sql"]]
    assert of_ledger
    assert all(" IN (" in sql.partition("WHERE")[2] for sql in of_ledger)


def test_nothing_is_written_while_the_clock_changes_nothing(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading.newest()
    with django_assert_num_queries(1):
        reading.newest()
    later = timezone.now() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    number = reading.newest()
    with django_assert_num_queries(1):
        assert reading.newest() == number


@contextmanager
def without_feed() -> Iterator[None]:
    changes_written.disconnect(following.follow_changes)
    yield
    changes_written.connect(following.follow_changes)


def test_publishing_takes_few_queries_more_however_many_pages_are_published() -> None:
    pages = [factories.InsightPageFactory() for _ in range(11)]

    def queries(some: list[InsightPage]) -> int:
        with CaptureQueriesContext(connection) as captured, transaction():
            for page in some:
                publish(page, title=f"{page.title} again")
        return len(captured)

    def more(some: list[InsightPage]) -> int:
        with without_feed():
            queries(some)
            alone = queries(some)
        return queries(some) - alone

    queries(pages[:1])
    of_one, of_many = more(pages[:1]), more(pages[1:])
    assert 0 < of_one <= 8
    assert of_many <= of_one
    assert queries(pages[:1]) <= 134
