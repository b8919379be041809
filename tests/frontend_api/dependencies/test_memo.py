"""What takes long to find on a large site is remembered, and never for longer than it holds."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from frontend_api.changes import versions
from frontend_api.changes.transaction import invalidate_all
from frontend_api.dependencies import memo
from frontend_api.dependencies.memo import Memo, facts
from frontend_api.dependencies.tracker import Dependencies
from insights.models import InsightPage
from tests import factories
from tests.frontend_api.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def remembering(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Remember in the transaction of a test too, from a log that no other test has written."""
    invalidate_all()
    monkeypatch.setattr(memo, "settled_state", versions.current)
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
    facts.clear()
    assert len(counting(client)) == 2
    assert counting(client) == []
    insight.summary = "Another summary."
    insight.save_revision().publish()
    assert counting(client) == [], "neither depends on a text"
    invalidate_all()
    # What is hidden has been found already, for the feed of changes.
    assert len(counting(client)) == 1


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
    state, dependencies, memory = versions.current(), Dependencies(), Memo()
    dependencies.never_cache("It reads what nobody logs.")
    memory.keep("key", 1, state, dependencies)
    memory.keep("other", 1, None, Dependencies())
    assert (memory.recall("key", state), memory.recall("other", state)) == (None, None)


def test_a_fact_ends_with_the_epoch() -> None:
    memory, state = Memo(), versions.current()
    memory.keep("key", 1, state, Dependencies())
    assert memory.recall("key", state)
    assert memory.recall("key", state._replace(epoch="b")) is None


def test_facts_are_remembered_within_a_number_of_bytes() -> None:
    state, memory = versions.current(), Memo(100_000)
    texts = [f"{number}" + "x" * 20_000 for number in range(10)]
    for text in texts:
        memory.keep(("count", text), 1, state, Dependencies())
    kept = [text for text in texts if memory.recall(("count", text), state)]
    assert kept == texts[-4:], "a key counts too"
    memory.keep(("count", "x" * 200_000), 1, state, Dependencies())
    assert memory.recall(("count", "x" * 200_000), state) is None
