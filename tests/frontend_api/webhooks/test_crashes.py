"""What a killed process had committed or was sending is delivered by the next; several at once do nothing twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from frontend_api.feed import reading
from frontend_api.feed.models import PublicChange
from frontend_api.webhooks.claims import CLAIMED, claimed
from frontend_api.webhooks.deliveries import deliver
from frontend_api.webhooks.models import WebhookMessage
from frontend_api.webhooks.owed import owe
from tests import factories
from tests.e2e.servers import database_address

from .conftest import Clock, Make, Receiver, change

# Another process would index what this one has not, which is a change, too.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.indexed]

ROOT = Path(__file__).resolve().parents[3]

PUBLISH = """
import django, os, signal
django.setup()
from frontend_api.changes.writing import changes_committed
from insights.models import InsightPage

def die(**kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

# The first of all receivers: nothing that follows a commit is done.
changes_committed.receivers.clear()
changes_committed.connect(die, weak=False)
page = InsightPage.objects.get()
page.title = "Committed"
page.save_revision().publish()
"""
DELIVER = """
import django
django.setup()
from frontend_api.webhooks.deliveries import deliver
deliver(30)
"""


def run(program: str) -> "subprocess.Popen[bytes]":
    """Run a program with the service, on the database of this test."""
    address = database_address()
    connections.close_all()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATABASE_URL": address,
        "WEBHOOK_HOSTS": "127.0.0.1",
    }
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment)


def test_what_was_committed_is_told_though_the_process_was_killed(
    receiver: Receiver, make: Make
) -> None:
    page = factories.InsightPageFactory(title="Before")
    make()
    assert deliver(5) == 0
    before = reading.newest()
    assert run(PUBLISH).wait() == -signal.SIGKILL
    page.refresh_from_db()
    assert page.title == "Committed"
    owed = set(PublicChange.objects.filter(pk__gt=before).values_list("pk", flat=True))
    assert owed
    deliver(10)
    assert {heard.json["data"]["version"] for heard in receiver.heard} == owed


def test_what_was_being_sent_is_sent_again_with_its_id(
    receiver: Receiver, make: Make, clock: Clock
) -> None:
    make()
    owed = change()
    receiver.is_awake.clear()
    sender = run(DELIVER)
    give_up = time.monotonic() + 60
    while not receiver.heard and time.monotonic() < give_up:
        time.sleep(0.05)
    sender.send_signal(signal.SIGKILL)
    sender.wait()
    interrupted = {heard.id for heard in receiver.take()}
    assert interrupted
    receiver.is_awake.set()
    clock.shift += CLAIMED + timedelta(seconds=1)
    deliver(10)
    assert interrupted <= {heard.id for heard in receiver.heard}
    assert not WebhookMessage.objects.exclude(state="delivered").exists()
    assert {heard.json["data"]["version"] for heard in receiver.heard} == {owed.number}


def test_a_commit_is_told_at_once(receiver: Receiver, make: Make, settings: Any) -> None:
    make()
    page = factories.InsightPageFactory()
    page.title = "Changed"
    page.save_revision().publish()
    assert {"published", "updated"} & {heard.json["data"]["kind"] for heard in receiver.heard}


def at_once(act: Callable[[], Any]) -> list[Any]:
    """Do something in four threads, each with a connection of its own, and return what each returns."""
    ready = threading.Barrier(4)
    results: list[Any] = []

    def run_one() -> None:
        try:
            ready.wait(20)
            results.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    return results


def test_of_several_at_once_each_change_is_owed_once_and_each_message_claimed_once(
    make: Make,
) -> None:
    for name in ("a", "b", "c"):
        make(name=name)
    changes = [change(object_id=str(number)) for number in range(4)]
    at_once(lambda: owe(timezone.now()))
    owed = WebhookMessage.objects.values_list("recipient__name", "first")
    assert sorted(owed) == [(name, one.number) for name in "abc" for one in changes]
    taken = [message.pk for messages in at_once(lambda: claimed(4)) for message in messages]
    assert len(taken) == len(set(taken)) >= 4
