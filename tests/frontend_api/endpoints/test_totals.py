"""The total of a listing is what one finds by reading it through, however it was counted."""

import datetime
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from frontend_api.changes import versions
from frontend_api.changes.models import Change
from frontend_api.changes.transaction import invalidate_all, transaction
from frontend_api.dependencies import memo
from frontend_api.dependencies.memo import facts
from frontend_api.visibility import counting
from insights.models import InsightPage
from tests import factories
from tests.frontend_api.changes import changing_site
from tests.frontend_api.conftest import Clock

pytestmark = pytest.mark.django_db

LISTINGS = [
    *("pages/", "insights/", "programmes/", "events/", "pages/?type=insights.InsightPage"),
    *("pages/?descendant_of=root", "pages/?child_of=root", "pages/?locale=en-gb"),
    *("insights/?kind=article", "insights/?published_on_from=2024-05-03", "insights/?theme=t"),
    *("pages/?type=cms.ContentPage,insights.InsightPage", "programmes/?status=active", "themes/"),
    *("insights/?source=END", "insights/?programme=p"),
]


@pytest.fixture
def remembering(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Remember in the transaction of a test too, from a log that no other test has written."""
    invalidate_all()
    monkeypatch.setattr(memo, "settled_state", versions.current)
    yield
    facts.clear()


@pytest.fixture
def brought_up(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether, each time that the pages that may not be seen had changed, only those that did were looked at."""
    told: list[bool] = []
    real = counting._changed_since

    def tell(*given: Any) -> Any:
        found = real(*given)
        told.append(found is not None)
        return found

    monkeypatch.setattr(counting, "_changed_since", tell)
    return told


def read(client: Client, path: str, **query: Any) -> Any:
    """Return what an endpoint gives."""
    response = client.get(f"/api/v2/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def check(client: Client) -> None:
    """Hold every total to what is there."""
    for path in LISTINGS:
        sign = "&" if "?" in path else "?"
        # Where nothing is shown, the total is counted by itself.
        alone = read(client, f"{path}{sign}limit=0")["meta"]["total_count"]
        # Another address, so that it is counted again, with what is shown.
        listing = read(client, f"{path}{sign}limit=100&search_operator=and")
        assert listing["meta"]["total_count"] == len(listing["items"]) == alone, path


def publish_one(random: Random) -> None:
    """Publish a new page, with nothing below it."""
    factories.InsightPageFactory(live=False).save_revision().publish()


def unpublish_one(random: Random) -> None:
    """Unpublish the last page that was made."""
    InsightPage.objects.live().order_by("pk").last().unpublish()


@pytest.mark.parametrize("seed", range(2))
def test_a_total_is_what_is_there_whatever_changes(
    remembering: None, client: Client, seed: int, brought_up: list[bool]
) -> None:
    random = Random(seed)
    changing_site.build()
    check(client)
    for change in (*random.sample(changing_site.CHANGES, 5), publish_one, unpublish_one):
        change(random)
        check(client)
    assert True in brought_up


def test_after_a_change_only_what_changed_is_looked_at_again(
    remembering: None, client: Client, brought_up: list[bool]
) -> None:
    pages = factories.InsightPageFactory.create_batch(4)
    draft = factories.InsightPageFactory(live=False)
    assert count(client) == 4
    pages[0].unpublish()
    assert count(client) == 3
    draft.save_revision().publish()
    assert count(client) == 4
    pages[1].delete()
    assert count(client) == 3
    factories.InsightPageFactory()
    assert count(client) == 4
    with transaction():
        pages[2].unpublish()
        pages[3].unpublish()
    assert count(client) == 2
    assert brought_up == [True] * 5
    # What was brought up is remembered.
    assert count(client, published_on_from="2001-01-01") == 2
    assert brought_up == [True] * 5
    # A restriction hides what is below it, and a move takes others along: then all is looked for anew.
    factories.restrict(factories.insight_index())
    assert count(client) == 0


def test_a_draft_that_nothing_is_logged_of_is_not_counted(
    remembering: None, client: Client
) -> None:
    pages = factories.InsightPageFactory.create_batch(3)
    factories.ContentPageFactory().delete()
    assert count(client) == 3
    drafts = [factories.InsightPageFactory(live=False) for _ in range(2)]
    named = [str(draft.pk) for draft in drafts]
    assert not Change.objects.filter(object_type__contains="page", object_id__in=named)
    assert count(client, published_on_from="2001-01-01") == 3
    drafts[0].save_revision().publish()
    assert count(client, published_on_from="2001-01-02") == 4
    drafts[1].delete()
    # An id that was free, or that a longer transaction had taken, may come later than those after it.
    for number in (pages[1].pk, drafts[0].pk):
        InsightPage.objects.get(pk=number).delete()
        known = count(client, published_on_from=f"200{number % 10}-01-01")
        factories.InsightPageFactory(pk=number, live=False)
        assert count(client, published_on_from=f"200{number % 10}-01-02") == known


def count(client: Client, **query: Any) -> int:
    """Return the total of insights."""
    number: int = read(client, "insights/", **query)["meta"]["total_count"]
    return number


def test_what_is_counted_is_the_table_of_the_type_alone(remembering: None, client: Client) -> None:
    factories.InsightPageFactory.create_batch(3)
    factories.InsightPageFactory(live=False)
    assert count(client) == 3
    with CaptureQueriesContext(connection) as ran:
        assert count(client, published_on_from="2001-01-01") == 3
    [sql] = [one["sql"] for one in ran if "COUNT(" in one["sql"]]
    counted = sql.partition("COUNT(*) FROM (")[2].partition(") AS counted")[0]
    assert counted
    # Only new ids are looked up beside it, without a join.
    assert "JOIN" not in counted


def test_a_total_ends_with_the_time_of_a_page_that_was_changed_since(
    remembering: None, client: Client, clock: Clock
) -> None:
    first, second = factories.InsightPageFactory.create_batch(2)
    assert count(client) == 2
    second.expire_at = timezone.now() + datetime.timedelta(hours=1)
    second.save()
    assert count(client, published_on_from="2001-01-01") == 2
    clock.shift = datetime.timedelta(hours=2)
    assert count(client, published_on_from="2001-01-02") == 1
    first.delete()
    assert count(client, published_on_from="2001-01-03") == 0


def test_where_many_are_private_visible_pages_are_counted_themselves(
    remembering: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST", 1)
    factories.InsightPageFactory.create_batch(2)
    factories.InsightPageFactory.create_batch(2, live=False)
    assert count(client) == 2
    InsightPage.objects.filter(live=False)[0].save_revision().publish()
    assert count(client) == 3


def test_what_is_not_known_of_the_log_is_looked_for_anew(
    remembering: None, client: Client, brought_up: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = factories.InsightPageFactory()
    assert count(client) == 1
    page.unpublish()
    invalidate_all()
    assert count(client) == 0
    monkeypatch.setattr(counting, "MOST_CHANGES", 0)
    page.save_revision().publish()
    assert count(client) == 1
    assert brought_up == [False, False]
