"""What takes long to find on a large site is remembered, and never for longer than it holds."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from frontend_api.caching import remembered
from frontend_api.caching.record import Record
from frontend_api.caching.remembered import MOST, Remembered
from frontend_api.caching.remembered import remembered as facts
from frontend_api.changes import versions
from frontend_api.changes.recording import bump
from frontend_api.changes.versions import State
from insights.models import InsightPage
from tests import factories

from .conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def remembering(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Remember in the transaction of a test too, from a log that no other test has written."""
    bump()
    monkeypatch.setattr(remembered, "state", versions.current)
    yield
    facts.clear()


def count(client: Client, **query: str) -> int:
    number: int = client.get("/api/v2/insights/", query).json()["meta"]["total_count"]
    return number


def counting(client: Client) -> list[str]:
    """Return the queries by which a listing finds what is hidden and how many pages there are."""
    with CaptureQueriesContext(connection) as ran:
        client.get("/api/v2/insights/")
    return [one["sql"] for one in ran if "COUNT(" in one["sql"] or "collectionview" in one["sql"]]


def test_what_has_been_found_is_not_looked_for_again(remembering: None, client: Client) -> None:
    insight = factories.InsightPageFactory()
    assert len(counting(client)) == 2
    assert counting(client) == []
    insight.summary = "Another summary."
    insight.save_revision().publish()
    assert counting(client) == [], "neither depends on a text"
    bump()
    assert len(counting(client)) == 2


def test_a_total_follows_what_is_published_hidden_and_gone(
    remembering: None, client: Client
) -> None:
    first, second = factories.InsightPageFactory.create_batch(2)
    assert (count(client), count(client, limit="0"), count(client, offset="50")) == (2, 2, 2)
    third = factories.InsightPageFactory(external_url="https://www.example.org/")
    assert (count(client), count(client, kind="external"), count(client, kind="article")) == (
        3,
        1,
        2,
    )
    third.unpublish()
    assert (count(client), count(client, kind="external")) == (2, 0)
    factories.restrict(second)
    assert count(client) == 1
    first.delete()
    assert count(client) == 0


def test_a_total_ends_when_a_page_expires(remembering: None, client: Client, clock: Clock) -> None:
    soon = timezone.now() + datetime.timedelta(hours=1)
    factories.InsightPageFactory.create_batch(2)
    assert count(client) == 2
    expiring = InsightPage.objects.all()[0]
    expiring.expire_at = soon
    expiring.save()
    assert count(client) == 2
    clock.shift = datetime.timedelta(hours=2)
    assert count(client) == 1


def test_nothing_is_remembered_of_a_transaction(client: Client) -> None:
    factories.InsightPageFactory()
    assert connection.in_atomic_block
    assert len(counting(client)) == len(counting(client)) == 2


def test_what_may_not_be_kept_is_not_remembered() -> None:
    state, record, memory = State(1, "a"), Record(), Remembered()
    record.refuse("It reads what nobody logs.")
    memory.keep("key", 1, state, record)
    memory.keep("other", 1, None, Record())
    assert (memory.recall("key", state), memory.recall("other", state)) == (None, None)


def test_a_fact_ends_with_the_epoch() -> None:
    memory = Remembered()
    memory.keep("key", 1, State(1, "a"), Record())
    assert memory.recall("key", State(1, "a"))
    assert memory.recall("key", State(1, "b")) is None


def test_only_so_many_facts_are_remembered() -> None:
    state, memory = State(1, "a"), Remembered()
    for key in range(MOST):
        memory.keep(key, key, state, Record())
    assert memory.recall(0, state)
    memory.keep(MOST, MOST, state, Record())
    assert [bool(memory.recall(key, state)) for key in (0, 1, 2, MOST)] == [True, False, True, True]
