"""Jobs are done as often as they are to be, by one worker at a time, and again when one is killed or fails."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from cms.background import jobs, worker
from cms.background.jobs import JOBS, PROMPT, Job, take_turn
from cms.background.models import LEASE, JobRun, WorkerSighting, see
from cms.background.standby import Standby
from frontend_api.changes.models import Change
from tests.frontend_api.scheduling.pages import ago, done, scheduled
from tests.threads import Elsewhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]

HOUR = timedelta(hours=1)


def job(act: Any, every: timedelta = HOUR) -> Job:
    return Job("a job", "A job", act, every)


def time_passes(time: timedelta) -> None:
    """Let the last run have been so long ago."""
    run = JobRun.objects.get()
    JobRun.objects.update(
        begun_at=run.begun_at - time, ended_at=run.ended_at and run.ended_at - time
    )


def test_a_job_is_done_every_so_often_whoever_asks() -> None:
    times: list[str] = []
    one = job(lambda: times.append("x"))
    changes = Change.objects.count()
    assert [take_turn(one, name) for name in "aab"] == [True, False, False]
    time_passes(HOUR - timedelta(seconds=5))
    assert not take_turn(one, "b")
    time_passes(timedelta(seconds=6))
    assert take_turn(one, "b")
    assert len(times) == 2
    run = JobRun.objects.get()
    assert (run.name, run.worker_id, run.error) == ("a job", "b", "")
    assert run.begun_at <= run.ended_at == run.done_at
    assert Change.objects.count() == changes


def test_several_workers_do_it_once() -> None:
    times: list[str] = []
    one = job(lambda: times.append("x"))
    for name in "abcd":
        see(name)
    workers = [Elsewhere(partial(take_turn, one, name)) for name in "abcd"]
    for each in workers:
        each.join()
    assert times == ["x"]


def test_what_fails_is_said_and_done_again_sooner(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("Nothing\nworks.")

    assert take_turn(job(fail), "a")
    run = JobRun.objects.get()
    assert (run.error, run.done_at) == ("ValueError: works.", None)
    assert "A job failed, and is done again later: a job." in caplog.text
    assert not take_turn(job(fail), "a")
    time_passes(jobs.AFTER_A_FAILURE)
    assert take_turn(job(lambda: None), "a")
    run = JobRun.objects.get()
    assert run.error == ""
    assert run.done_at


def begun_by(name: str) -> None:
    JobRun.objects.create(name="a job", begun_at=timezone.now(), worker_id=name)


def test_what_a_worker_that_ended_has_begun_is_begun_again() -> None:
    see("alive")
    begun_by("alive")
    assert not take_turn(job(lambda: None), "b")
    WorkerSighting.objects.update(seen_at=Now() - LEASE - timedelta(seconds=1))
    assert take_turn(job(lambda: None), "b")


def test_one_that_hangs_holds_up_nothing_for_ever() -> None:
    see("alive")
    begun_by("alive")
    often = job(lambda: None, timedelta(seconds=2))
    assert not take_turn(often, "b")
    time_passes(LEASE)
    assert take_turn(often, "b")


def test_a_worker_publishes_on_time(monkeypatch: pytest.MonkeyPatch) -> None:
    page = scheduled("now", ago(seconds=1))
    [publish] = [one for one in JOBS if one.name == "publish"]
    assert publish.every + timedelta(seconds=1) < timedelta(seconds=5)
    with worker.kept_alive("x", [publish]):
        until = timezone.now() + timedelta(seconds=20)
        while not done(page) and timezone.now() < until:
            pass
    assert done(page) == 1
    assert not WorkerSighting.objects.exists()


def test_a_server_without_a_worker_publishes_too() -> None:
    page = scheduled("now", ago(seconds=1))
    assert {"publish", "purge"} <= {one.name for one in PROMPT}
    see("a worker")
    Standby().stand_in()
    assert done(page) == 0
    WorkerSighting.objects.all().delete()
    Standby().stand_in()
    assert done(page) == 1


def test_all_jobs_can_be_done() -> None:
    for one in JOBS:
        assert take_turn(one, "x"), one.name
    assert not JobRun.objects.exclude(error="").exists()
    assert JobRun.objects.count() == len(JOBS)
