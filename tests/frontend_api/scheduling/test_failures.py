"""What fails at its time is left alone for longer each time, told once, and forgotten when it is over."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page

from frontend_api.scheduling.doing import do_due
from frontend_api.scheduling.due import Act
from frontend_api.scheduling.failures import RESTS, TOLD_AT, told
from frontend_api.scheduling.lateness import lateness
from frontend_api.scheduling.models import ScheduleFailure
from tests import factories

from .pages import ago, done, refusing, scheduled

pytestmark = pytest.mark.django_db


def rest_is_over() -> None:
    ScheduleFailure.objects.update(next_attempt_at=ago(seconds=1))


def test_what_fails_stops_nothing_and_rests_for_longer_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad, good = scheduled("bad", ago(minutes=2)), scheduled("good", ago(minutes=1))
    with refusing("bad") as tried:
        assert do_due() == ["bad is published"]
        assert done(good) == 1
        assert do_due() == []
        assert tried == ["bad", "good"]
        for number, rest in enumerate((*RESTS[1:], RESTS[-1]), 2):
            rest_is_over()
            assert do_due() == ["bad is published"]
            failure = ScheduleFailure.objects.get()
            assert failure.attempts == number
            assert rest / 2 < failure.next_attempt_at - timezone.now() <= rest
        # Whoever starts the command does not wait.
        assert do_due(rest=False) == ["bad is published"]
    assert failure.error == "RuntimeError: bad cannot be published."
    assert (failure.act, failure.object_id) == (Act.PUBLISH, str(bad.pk))
    assert "Scheduled, and not done: bad is published" in caplog.text
    rest_is_over()
    do_due()
    assert done(bad) == 1
    assert not ScheduleFailure.objects.exists()


def test_it_is_told_once_that_something_fails_again() -> None:
    heard: list[Any] = []

    def hear(sender: Any, due: Any, failure: ScheduleFailure, **kwargs: Any) -> None:
        heard.append((str(due), failure.attempts))

    told.connect(hear)
    scheduled("bad", ago(minutes=2))
    try:
        with refusing("bad"):
            for _ in range(4):
                rest_is_over()
                do_due()
    finally:
        told.disconnect(hear)
    assert heard == [("bad is published", TOLD_AT)]


def test_what_is_scheduled_for_another_time_is_tried_at_once() -> None:
    page = scheduled("bad", ago(minutes=2))
    with refusing("bad"):
        do_due()
    page.save_revision(approved_go_live_at=ago(minutes=1))
    page.revisions.exclude(pk=page.latest_revision_id).update(approved_go_live_at=None)
    do_due()
    assert done(page) == 1


@pytest.mark.parametrize("how", ["taken back", "deleted"])
def test_what_is_due_no_more_has_not_failed(how: str) -> None:
    page = scheduled("bad", ago(minutes=2))
    other = scheduled("other", ago(minutes=1))
    with refusing("bad", "other"):
        do_due()
        assert ScheduleFailure.objects.count() == 2
        if how == "deleted":
            Page.objects.get(pk=page.pk).delete()
        else:
            page.revisions.update(approved_go_live_at=None)
        do_due()
    assert ScheduleFailure.objects.get().object_id == str(other.pk)


def test_lateness_is_of_what_nobody_tried() -> None:
    assert lateness().waiting == 0
    scheduled("bad", ago(minutes=20))
    with refusing("bad"):
        do_due()
    late = lateness()
    assert (late.waiting, late.longest, late.failing) == (0, timedelta(0), 1)
    scheduled("waits", ago(minutes=7))
    factories.InsightPageFactory(expire_at=ago(minutes=3))
    late = lateness()
    assert (late.waiting, late.failing) == (2, 1)
    assert timedelta(minutes=7) <= late.longest < timedelta(minutes=8)
