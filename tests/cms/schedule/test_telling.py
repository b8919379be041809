"""Editors get a mail of what could not be done at its time, once, from a worker."""

from typing import Any

import pytest
from django.core import mail
from wagtail.users.models import UserProfile

from cms.background.worker import Worker
from frontend_api.scheduling.doing import do_due
from frontend_api.scheduling.models import ScheduleFailure
from tests import factories
from tests.cms.background.conftest import QUEUE
from tests.frontend_api.scheduling.pages import ago, refusing

from .scheduled import schedule

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queue(settings: Any) -> None:
    """Tasks that wait in the database."""
    settings.TASKS = QUEUE


def fail(times: int) -> list[tuple[str, str]]:
    """Let what is due fail, and return who gets which mail."""
    with refusing("bad\nnews"):
        for _ in range(times):
            assert do_due(rest=False)
    assert mail.outbox == []
    Worker(batch=True).run()
    return sorted((one.to[0], one.subject) for one in mail.outbox)


def test_whoever_works_on_it_gets_a_mail_once() -> None:
    ada, bob, eve = (
        factories.UserFactory(email=f"{name}@example.org") for name in ("ada", "bob", "eve")
    )
    factories.UserFactory(email="admin@example.org", is_superuser=True)
    page = factories.InsightPageFactory(live=False, title="bad\nnews", owner=ada)
    schedule(page, ago(minutes=1), bob)
    page.save_revision(user=eve)
    eve.is_active = False
    eve.save()
    UserProfile.objects.create(user=bob, preferred_language="en")
    subject = "Not published on time: bad news"
    assert fail(4) == [("ada@example.org", subject), ("bob@example.org", subject)]
    text = mail.outbox[0].body
    assert text.startswith("It was to go live ")
    assert "RuntimeError: bad\nnews cannot" not in text
    assert "It is tried again " in text
    assert ScheduleFailure.objects.get().attempts == 4


def test_a_first_failure_is_told_to_nobody_yet() -> None:
    owner = factories.UserFactory(email="ada@example.org")
    schedule(
        factories.InsightPageFactory(live=False, title="bad\nnews", owner=owner), ago(minutes=1)
    )
    assert fail(1) == []


def test_administrators_get_it_where_there_is_nobody() -> None:
    factories.UserFactory(email="admin@example.org", is_superuser=True)
    schedule(factories.InsightPageFactory(live=False, title="bad\nnews"), ago(minutes=1))
    assert [to for to, _ in fail(2)] == ["admin@example.org"]
