"""Where a page belongs is asked for with each change of it or its children, and read once while it stays the same."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from frontend_api.changes.capture import log_update
from frontend_api.changes.models import Change
from frontend_api.changes.sites import site_of
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


class Broken(Exception):
    """Ends a savepoint."""


@pytest.fixture
def page() -> Page:
    return factories.ContentPageFactory()


def make_site(root: Page) -> Site:
    return Site.objects.create(hostname="other.example", port=80, root_page=root)


def test_a_transaction_reads_the_sites_once(page: Page) -> None:
    page = factories.ProgrammePageFactory()
    for number in range(5):
        page.key_figures.create(value=f"{number}", label="x")
    before = Change.objects.count()
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        page.title = "Other"
        page.save()
        page.save()
    asked = [one for one in queries if one["sql"].startswith('SELECT "wagtailcore_site"."id" AS')]
    assert len(asked) == 1
    assert Change.objects.count() > before


def test_what_changes_in_the_transaction_is_seen_in_it(page: Page) -> None:
    default = factories.default_site()
    with transaction.atomic():
        assert site_of(page) == default.pk
        other = make_site(page)
        assert site_of(page) == other.pk
        Site.objects.filter(pk=other.pk).update(root_page=default.root_page_id)
        log_update([other])
        assert site_of(page) == default.pk
        other.root_page = page
        other.save()
        assert site_of(page) == other.pk
        other.delete()
        assert site_of(page) == default.pk


def test_a_home_that_is_moved_takes_its_site_along(page: Page) -> None:
    section = factories.ContentPageFactory()
    other = make_site(page)
    with transaction.atomic():
        assert site_of(page) == other.pk
        page.move(section, pos="last-child")
        page.refresh_from_db()
        assert site_of(page) == other.pk


@pytest.mark.parametrize("is_asked_before", [True, False])
def test_what_is_rolled_back_is_forgotten(page: Page, is_asked_before: bool) -> None:
    default = factories.default_site()

    def make_and_fail() -> None:
        with transaction.atomic():
            other = make_site(page)
            assert site_of(page) == other.pk
            raise Broken

    with transaction.atomic():
        if is_asked_before:
            assert site_of(page) == default.pk
        with pytest.raises(Broken):
            make_and_fail()
        assert site_of(page) == default.pk
    with pytest.raises(Broken):
        make_and_fail()
    with transaction.atomic():
        assert site_of(page) == default.pk
