"""None lost, none invented: each message is sent until it is taken, in order for each object, with one id."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client, TestCase
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from frontend_api.webhooks import claims, outcomes
from frontend_api.webhooks.claims import claimed, send_again
from frontend_api.webhooks.deliveries import deliver
from frontend_api.webhooks.models import WebhookAttempt, WebhookMessage, WebhookRecipient
from frontend_api.webhooks.outcomes import RESTS, retry_after
from frontend_api.webhooks.owed import owe, try_out
from frontend_api.webhooks.recipients import switch
from frontend_api.webhooks.requests import Made
from frontend_api.webhooks.sealing import seal
from frontend_api.webhooks.sending import Answer
from tests import factories

from .conftest import Clock, Make, Receiver, change, only_message, reread

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_what_fails_is_tried_again_for_75_hours_with_the_same_id(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    # One that takes other messages meanwhile is not switched off for this one.
    recipient = make(kinds=["updated"])
    receiver.statuses = [400]
    change()
    began, rests = clock.now(), []
    while (message := WebhookMessage.objects.first()) is None or message.state == "pending":
        deliver(5)
        message = only_message()
        if message.state == "pending":
            rests.append(message.due_at - clock.now())
            clock.shift += message.due_at - clock.now() + timedelta(seconds=1)
        type(recipient).objects.update(failing_since=clock.now())
    assert message.state == "given up"
    assert len(receiver.heard) == 10
    assert len({heard.id for heard in receiver.heard}) == 1
    assert len({heard.body for heard in receiver.heard}) == 1
    for rest, due in zip(RESTS, rests, strict=True):
        assert rest * 0.99 <= due + timedelta(seconds=1) <= rest * 1.11 + timedelta(seconds=2)
    assert clock.now() - began >= 75 * HOUR
    assert sum(RESTS, timedelta()) > 75 * HOUR
    assert WebhookAttempt.objects.count() == 10
    assert reread(recipient).is_enabled


def test_a_rest_is_longer_by_chance_and_never_shorter() -> None:
    rests = {outcomes.jittered(HOUR) for _ in range(50)}
    assert len(rests) > 10
    assert all(HOUR <= rest <= 1.1 * HOUR for rest in rests)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("is_date", [False, True])
def test_retry_after_is_kept(
    receiver: Receiver, make: Make, clock: Clock, status: int, is_date: bool
) -> None:
    recipient = make()
    later = clock.now() + timedelta(minutes=40)
    receiver.statuses = [status, 200]
    receiver.headers = {"Retry-After": format_datetime(later, usegmt=True) if is_date else "2400"}
    change()
    deliver(5)
    # Another message has to wait for it, too.
    change(object_id="2")
    for minutes in (10, 35):
        clock.shift = timedelta(minutes=minutes)
        assert deliver(5) == 0
    clock.shift = timedelta(minutes=41)
    assert deliver(5) == 2
    assert reread(recipient).failing_since is None


def test_what_retry_after_says_is_understood_or_ignored() -> None:
    now = datetime(2026, 11, 24, 20, tzinfo=UTC)
    day = now + timedelta(days=1)
    assert retry_after("120", now) == now + timedelta(minutes=2)
    assert retry_after("Tue, 24 Nov 2026 20:05:00 GMT", now) == now + timedelta(minutes=5)
    assert retry_after("999999999", now) == day
    assert retry_after("Fri, 31 Dec 9999 23:59:59 GMT", now) == day
    for nonsense in ("", "soon", "-1", "1.5", "1" * 400, "Tue, 99 Nov 2026 99:00:00 GMT"):
        assert retry_after(nonsense, now) is None


@given(st.text(max_size=40))
@example("0\x1f")
def test_whatever_retry_after_says_is_no_error(text: str) -> None:
    now = timezone.now()
    said = retry_after(text, now)
    assert said is None or said <= now + timedelta(days=1)


def test_410_switches_off_with_a_mail_and_nothing_is_lost(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    factories.UserFactory(is_superuser=True, email="admin@example.org")
    recipient = make(made_by=factories.UserFactory(email="maker@example.org"))
    receiver.statuses = [410]
    change()
    with_callbacks(lambda: deliver(5))
    assert not reread(recipient).is_enabled
    assert {to for one in mail.outbox for to in one.to} == {
        "admin@example.org",
        "maker@example.org",
    }
    text = str(mail.outbox[0].body)
    assert "It answers 410." in text
    assert receiver.address not in text
    change(object_id="2")
    clock.shift += 10 * HOUR
    assert deliver(5) == 0
    receiver.take()
    receiver.statuses = [200]
    switch(recipient, is_enabled=True)
    deliver(5)
    assert len(receiver.heard) == 2
    assert not WebhookMessage.objects.exclude(state="delivered").exists()


def with_callbacks(act: Any) -> None:
    """Do what follows the commit as well, as if there were one."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        act()


def test_after_three_days_of_failures_it_is_switched_off(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    factories.UserFactory(is_superuser=True, email="admin@example.org")
    recipient = make()
    receiver.statuses = [500]
    for number in range(20):
        change(object_id=str(number))
    hours = 0
    while reread(recipient).is_enabled:
        with_callbacks(lambda: deliver(5))
        clock.shift += HOUR
        hours += 1
        assert hours < 80
    assert hours >= 72
    assert len(mail.outbox) == 1
    # It was asked one thing at a time, and what it is owed stays.
    assert len(receiver.heard) <= hours + claims.AT_ONCE_EACH
    assert WebhookMessage.objects.filter(state="pending").count() >= 20


def test_one_that_does_not_answer_is_left_alone_for_a_while(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    recipient = make()
    receiver.statuses = [503]
    for number in range(10):
        change(object_id=str(number))
    began, waits = clock.now(), []
    while clock.now() - began < HOUR:
        before = clock.now()
        deliver(5)
        resting = reread(recipient).resting_until
        assert resting is not None
        # It began to wait at some moment in between, however long delivering takes.
        waits.append((resting - before, resting - clock.now()))
        clock.shift += resting - clock.now() + timedelta(milliseconds=10)
    assert waits[-1][0] >= timedelta(minutes=5)
    assert waits[0][0] >= timedelta(seconds=5)
    assert waits[0][1] <= timedelta(seconds=5.5)
    assert len(receiver.heard) < 30


def test_messages_about_one_object_are_sent_one_after_the_other(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    make()
    first, other = change(), change(object_id="2")
    second = change("gone")
    receiver.statuses = [400]
    deliver(5)
    told = {heard.json["data"]["version"] for heard in receiver.take()}
    assert told == {first.number, other.number}
    receiver.statuses = [200]
    clock.shift += timedelta(minutes=10)
    deliver(5)
    told_now = [heard.json["data"]["version"] for heard in receiver.take()]
    assert sorted(told_now) == [first.number, other.number, second.number]
    assert told_now.index(first.number) < told_now.index(second.number)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.sampled_from("abc"), min_size=1, max_size=8),
    # More failures of one message would take longer than this test waits.
    statuses=st.lists(st.sampled_from([200, 400, 429, 500, 302]), max_size=6),
)
def test_whatever_fails_each_change_arrives_in_order_for_each_object(
    receiver: Receiver, make: Make, clock: Clock, changes: list[str], statuses: list[int]
) -> None:
    WebhookRecipient.objects.all().delete()
    receiver.take()
    clock.shift = timedelta()
    # A new day is news as well, of another kind.
    recipient = make(kinds=["updated"])
    receiver.statuses = [*statuses, 200]
    wanted: dict[str, list[int]] = {}
    for name in changes:
        made = change(object_id=name)
        wanted.setdefault(name, []).append(made.number)
    for _ in range(60):
        deliver(5)
        if not recipient.messages.filter(state="pending").exists():
            break
        clock.shift += timedelta(minutes=31)
    taken = list(
        WebhookAttempt.objects.filter(error="")
        .order_by("at", "pk")
        .values_list("message__key", "message__first")
    )
    for name, numbers in wanted.items():
        assert [number for key, number in taken if key.endswith(f":{name}")] == numbers
    assert len(taken) == len(changes)
    assert len({heard.id for heard in receiver.heard}) == len(changes)


def test_of_two_processes_one_sends_a_message(make: Make) -> None:
    make()
    for number in range(3):
        change(object_id=str(number))
    owe(timezone.now())
    first = claimed(2)
    second = claimed(2)
    assert len(first) + len(second) == 3
    assert not {one.pk for one in first} & {one.pk for one in second}


def test_what_a_dead_process_had_claimed_is_sent_again(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    make()
    change()
    owe(timezone.now())
    [message] = claimed(1)
    assert deliver(5) == 0
    clock.shift += claims.CLAIMED + timedelta(seconds=1)
    assert deliver(5) == 1
    assert receiver.heard[0].id == message.message_id


def test_the_log_keeps_what_was_sent_and_answered_and_no_secret(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    make(headers=seal("Authorization: Bearer very-secret"))
    receiver.statuses, receiver.body = [500], b"Oh no"
    change()
    deliver(5)
    attempt = WebhookAttempt.objects.get()
    assert receiver.heard[0].headers["authorization"] == "Bearer very-secret"
    assert "very-secret" not in str(attempt.request)
    assert attempt.request["headers"]["Authorization"] == "…"
    assert attempt.request["method"] == "POST"
    assert attempt.request["body"] == receiver.heard[0].body.decode()
    assert (attempt.status, attempt.answer, attempt.error) == (500, "Oh no", "It answers 500.")
    receiver.statuses = [200]
    clock.shift += timedelta(minutes=1)
    deliver(5)
    # Thirty days later it is gone.
    clock.shift += timedelta(days=29)
    deliver(5)
    assert WebhookAttempt.objects.exists()
    clock.shift += timedelta(days=2)
    deliver(5)
    assert not WebhookMessage.objects.filter(pk=attempt.message_id).exists()


def test_no_secret_is_in_the_log_of_the_service(
    receiver: Receiver, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    make(address=f"{receiver.address}/hooks/5ecret", headers=seal("Authorization: Bearer 5ecret"))
    receiver.statuses, receiver.body = [500], b"5ecret"
    change()
    deliver(5)
    assert "The webhook Receiver cannot be delivered: It answers 500." in caplog.text
    assert "5ecret" not in caplog.text
    assert "whsec" not in caplog.text


def test_a_message_is_sent_again_with_its_id(receiver: Receiver, make: Make) -> None:
    recipient = make()
    change()
    change(object_id="2")
    deliver(5)
    ids = {heard.id for heard in receiver.take()}
    assert send_again(recipient.messages.all()) == 2
    deliver(5)
    assert {heard.id for heard in receiver.take()} == ids


def test_a_test_reaches_one_that_is_switched_off_and_is_tried_once(
    receiver: Receiver, make: Make, clock: Clock, client: Client
) -> None:
    recipient = make(is_enabled=False)
    cursor = client.get("/api/v2/changes/").json()["cursor"]
    receiver.statuses = [500]
    try_out(recipient, timezone.now())
    deliver(5)
    [heard] = receiver.take()
    assert heard.json == {
        "type": "webhook.test",
        "timestamp": heard.json["timestamp"],
        "data": {"cursor": cursor},
    }
    clock.shift += 5 * HOUR
    assert deliver(5) == 0
    assert only_message().state == "given up"
    assert reread(recipient).failing_since is None


@pytest.mark.django_db(transaction=True)
def test_what_takes_longer_than_the_caller_waits_is_written_down_all_the_same(
    receiver: Receiver, make: Make
) -> None:
    make()
    change()
    receiver.is_awake.clear()
    assert deliver(0.3) == 0
    receiver.is_awake.set()
    for thread in threading.enumerate():
        if thread.daemon and "_attempt" in thread.name:
            thread.join(10)
    assert only_message().state == "delivered"


def test_a_recipient_that_is_deleted_while_it_is_sent_to_is_no_error(
    receiver: Receiver, make: Make
) -> None:
    recipient = make()
    change()
    owe(timezone.now())
    [message] = claimed(1)
    recipient.delete()
    outcomes.write_down(message, Made(None), Answer(0.1, 200), timezone.now())
    assert not WebhookAttempt.objects.exists()
