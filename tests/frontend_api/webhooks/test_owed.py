"""Who is owed what: an event for each change that they hear of, one build for a burst, purges for many at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from frontend_api.changes import surrogate_keys
from frontend_api.changes.tags import EVERYTHING
from frontend_api.feed.models import PublicChange, PublicKind
from frontend_api.webhooks import owed
from frontend_api.webhooks.deliveries import deliver
from frontend_api.webhooks.models import WebhookMessage, WebhookRecipient
from frontend_api.webhooks.owed import hears, owe

from .conftest import INSIGHT, PROGRAMME, Clock, Make, Receiver, change, only_message, reread

pytestmark = pytest.mark.django_db

TAGS = {"form": "tags", "body": '{"tags": {tags}}', "secret": ""}


def test_each_change_is_an_event_with_where_it_is_in_the_feed(
    receiver: Receiver, make: Make
) -> None:
    make()
    changes = [change(object_id=str(number)) for number in range(3)]
    gone = change("gone", object_id="9", path_before="/insights/old/")
    owe(timezone.now())
    owe(timezone.now())
    deliver(5)
    told = {heard.json["data"]["version"]: heard.json["data"] for heard in receiver.heard}
    assert {*told} == {one.number for one in [*changes, gone]}
    assert told[gone.number] == {
        "cursor": f"{gone.number:x}.{gone.stamp:x}",
        "version": gone.number,
        "kind": "gone",
        "type": INSIGHT,
        "id": 9,
        "html_url": None,
        "path_before": "/insights/old/",
        "tags": surrogate_keys.of_change(gone.tags),
        "changed_at": gone.changed_at.isoformat().replace("+00:00", "Z"),
    }
    assert len({heard.id for heard in receiver.heard}) == 4


def test_who_is_new_is_told_of_nothing_that_was_before(receiver: Receiver, make: Make) -> None:
    change()
    make()
    assert deliver(5) == 0
    assert not WebhookMessage.objects.exists()


@pytest.mark.once
@given(
    kinds=st.lists(st.sampled_from(PublicKind.values)),
    types=st.lists(st.sampled_from([INSIGHT, PROGRAMME])),
    sites=st.lists(st.integers(1, 3)),
    kind=st.sampled_from(PublicKind.values),
    object_type=st.sampled_from([INSIGHT, PROGRAMME, "cms.CmsImage", ""]),
    site_id=st.sampled_from([1, 2, 3, None]),
)
def test_filters_lose_no_tombstone_and_nothing_that_is_no_page(
    kinds: list[str],
    types: list[str],
    sites: list[int],
    kind: str,
    object_type: str,
    site_id: int | None,
) -> None:
    recipient = WebhookRecipient(kinds=kinds, types=types, sites=sites)
    told = PublicChange(kind=kind, object_type=object_type, site_id=site_id)
    is_heard = hears(recipient, told)
    if kind == "bumped":
        assert is_heard
    elif kinds and kind not in kinds:
        assert not is_heard
    elif kind in ("published", "updated", "moved"):
        is_named = (not types or object_type in types) and (not sites or site_id in sites)
        assert is_heard == is_named
    else:
        assert is_heard


def test_a_burst_asks_for_one_build_once_it_is_quiet(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    make(form="build", headers="", secret="")
    for number in range(500):
        change("published", object_id=str(number))
    deliver(5)
    assert not receiver.heard
    clock.shift += timedelta(seconds=8)
    change()
    deliver(5)
    clock.shift += timedelta(seconds=8)
    deliver(5)
    assert not receiver.heard
    clock.shift += timedelta(seconds=3)
    assert deliver(5) == 1
    [heard] = receiver.take()
    assert (heard.method, heard.path, heard.body) == ("POST", "/hook", b"")
    message = only_message()
    assert (message.last or 0) - (message.first or 0) == 500
    # What changes later asks for another one.
    change()
    clock.shift += timedelta(seconds=1)
    deliver(5)
    clock.shift += timedelta(seconds=11)
    assert deliver(5) == 1


def test_a_build_is_not_put_off_for_ever(receiver: Receiver, make: Make, clock: Clock) -> None:
    make(form="build", method="GET")
    waited = 0
    while not receiver.heard:
        change()
        deliver(5)
        clock.shift += timedelta(seconds=5)
        waited += 5
        assert waited < 80
    assert waited >= owed.LONGEST_WAIT.total_seconds()
    assert receiver.heard[0].method == "GET"


def test_what_changes_while_a_build_is_asked_for_asks_for_another(make: Make) -> None:
    recipient = make(form="build")
    change()
    owe(timezone.now())
    only_message()
    # As if somebody were sending it.
    WebhookMessage.objects.update(claim="x", claimed_until=timezone.now() + timedelta(minutes=1))
    change()
    owe(timezone.now())
    assert recipient.messages.count() == 2


def test_a_burst_is_purged_in_few_requests_with_method_and_body_of_its_own(
    receiver: Receiver, make: Make
) -> None:
    make(**{**TAGS, "method": "PURGE"})
    changes = [change(object_id=str(number)) for number in range(110)]
    deliver(5)
    heard = receiver.take()
    assert len(heard) == 2
    assert {one.method for one in heard} == {"PURGE"}
    names = {name for one in heard for name in one.json["tags"]}
    assert names == {*surrogate_keys.of_change({tag for one in changes for tag in one.tags})}
    assert all(len(one.json["tags"]) <= owed.MOST_TAGS for one in heard)


def test_a_very_large_burst_purges_everything(receiver: Receiver, make: Make) -> None:
    make(**TAGS)
    change(tags=[f"page:{number}" for number in range(600)])
    deliver(5)
    [heard] = receiver.take()
    assert heard.json["tags"] == surrogate_keys.of_change({EVERYTHING})


def test_a_purge_is_repeated_for_what_was_being_read_meanwhile(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    make(**TAGS)
    change()
    deliver(5)
    [first] = receiver.take()
    clock.shift += timedelta(seconds=30)
    assert deliver(5) == 0
    clock.shift += timedelta(seconds=31)
    assert deliver(5) == 1
    [second] = receiver.take()
    assert first.body == second.body
    clock.shift += timedelta(seconds=300)
    assert deliver(5) == 0
    assert only_message().state == "delivered"


@pytest.mark.parametrize("form", ["event", "tags"])
def test_who_was_away_for_too_long_is_told_that_everything_may_have_changed(
    receiver: Receiver, make: Make, form: str
) -> None:
    recipient = make(**({} if form == "event" else TAGS), kinds=["gone"])
    change()
    last = change()
    PublicChange.objects.exclude(pk=last.number).delete()
    deliver(5)
    [heard] = receiver.take()
    everything = surrogate_keys.of_change({EVERYTHING})
    if form == "event":
        assert heard.json["data"]["kind"] == "bumped"
        assert heard.json["data"]["tags"] == everything
        assert heard.json["data"]["version"] == last.number
    else:
        assert heard.json["tags"] == everything
    assert reread(recipient).position == last.number
    assert deliver(5) == 0


def test_a_place_beyond_the_end_is_one_of_another_feed(receiver: Receiver, make: Make) -> None:
    recipient = make(position=1_000)
    now = change()
    deliver(5)
    [heard] = receiver.take()
    assert heard.json["data"]["kind"] == "bumped"
    assert reread(recipient).position == now.number


def test_queries_are_the_same_for_one_change_and_for_fifty(make: Make) -> None:
    make()
    counts = []
    for count in (1, 50):
        for number in range(count):
            change(object_id=str(number), path=f"/{number}/", site_id=1)
        with CaptureQueriesContext(connection) as queries:
            owe(timezone.now())
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert WebhookMessage.objects.count() == 51
