"""Workers do each task once, again where it fails, and take up what another one has left."""

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from cms.background import models, worker
from cms.background.models import (
    FAILED,
    LEASE,
    MOST_CRASHES,
    READY,
    RESTS,
    RUNNING,
    QueuedTask,
    WorkerSighting,
    see,
)
from cms.background.worker import BACKEND, Worker, take_round
from frontend_api.changes.enqueueing import LATE, SOONEST, enqueue
from frontend_api.changes.models import Change
from tests.cms.background import work
from tests.threads import Elsewhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]


def run(**options: Any) -> None:
    """Run what may run now."""
    Worker(batch=True, **options).run()


def statuses() -> list[str]:
    return [*QueuedTask.objects.order_by("enqueued_at").values_list("status", flat=True)]


def rest_is_over() -> None:
    """Let the time pass for which what failed is left alone."""
    QueuedTask.objects.filter(status=READY).update(run_after=timezone.now() - timedelta(seconds=1))


def test_a_task_waits_for_a_worker_and_is_done_once() -> None:
    changes = Change.objects.count()
    enqueue(work.note, "a")
    assert work.done == []
    run()
    run()
    assert work.done == ["a"]
    assert statuses() == ["SUCCESSFUL"]
    # Its arguments may be the text of a mail.
    assert QueuedTask.objects.get().args_kwargs == {"args": [], "kwargs": {}}
    assert not WorkerSighting.objects.exists()
    assert Change.objects.count() == changes


def test_what_is_most_urgent_is_done_first() -> None:
    enqueue(work.note, "late", priority=LATE)
    enqueue(work.note, "soon")
    enqueue(work.note, "soonest", priority=SOONEST)
    run()
    assert work.done == ["soonest", "soon", "late"]


def test_a_task_is_committed_with_what_asks_for_it_or_goes_with_it() -> None:
    with transaction.atomic():
        enqueue(work.note, "taken back")
        transaction.set_rollback(True)
    with transaction.atomic():
        enqueue(work.note, "kept")
    run()
    assert work.done == ["kept"]


def test_equal_work_waits_once() -> None:
    for _ in range(5):
        enqueue(work.note, "a")
        with transaction.atomic():
            enqueue(work.note, "a")
            enqueue(work.note, "b")
    run()
    assert sorted(work.done) == ["a", "b"]
    # What has begun may not have seen what is asked for now.
    enqueue(work.note, "a")
    QueuedTask.objects.filter(status=READY).update(status=RUNNING, worker_ids=["x"])
    enqueue(work.note, "a")
    assert statuses().count(READY) == 1


def test_work_that_waits_is_not_begun_before_what_relies_on_it_is_committed() -> None:
    """Otherwise it would see the page as it was before, and nothing would be left to do it again."""
    enqueue(work.note, "a")
    if connection.vendor == "sqlite":
        pytest.skip("One transaction at a time writes, and so claims, on SQLite.")
    with transaction.atomic():
        enqueue(work.note, "a")
        Elsewhere(run).join()
        assert work.done == []
    run()
    assert work.done == ["a"]


def test_what_fails_stops_nothing_and_is_tried_again_later_each_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work.fails.add("bad")
    enqueue(work.note, "bad", priority=SOONEST)
    enqueue(work.note, "good")
    run()
    assert work.done == ["bad", "good"]
    task = QueuedTask.objects.get(status=READY)
    assert timedelta(seconds=5) < task.run_after - timezone.now() <= RESTS[0]
    assert task.exception_class_path == "builtins.ValueError"
    run()
    assert work.done == ["bad", "good"]
    for number, rest in enumerate(RESTS[1:], 2):
        rest_is_over()
        run()
        task.refresh_from_db()
        assert (task.attempts, task.status) == (number, READY)
        assert rest / 2 < task.run_after - timezone.now() <= rest
    rest_is_over()
    with caplog.at_level(logging.ERROR, "cms.background.models"):
        run()
    task.refresh_from_db()
    assert (task.attempts, task.status) == (len(RESTS) + 1, FAILED)
    assert "bad fails." in task.traceback
    assert (
        f"Given up after {len(RESTS) + 1} attempts: tests.cms.background.work.note" in caplog.text
    )
    work.fails.clear()
    task.try_again()
    run()
    assert work.done[-1] == "bad"
    assert QueuedTask.objects.get(pk=task.pk).status == "SUCCESSFUL"


def test_asking_again_for_what_rests_has_it_done_at_once() -> None:
    work.fails.add("a")
    enqueue(work.note, "a")
    run()
    work.fails.clear()
    enqueue(work.note, "a")
    run()
    assert work.done == ["a", "a"]
    assert statuses() == ["SUCCESSFUL"]


def begun_by(worker_id: str) -> QueuedTask:
    """Return a task that a worker has begun."""
    enqueue(work.note, worker_id)
    task = QueuedTask.objects.get(status=READY)
    task.claim(worker_id)
    return task


def test_what_a_worker_that_ended_has_begun_is_taken_up() -> None:
    see("alive")
    see("ended")
    begun_by("alive")
    begun_by("ended")
    begun_by("never seen")
    WorkerSighting.objects.filter(pk="ended").update(seen_at=Now() - LEASE - timedelta(seconds=1))
    run()
    assert sorted(work.done) == ["ended", "never seen"]
    # The one that ended is forgotten.
    assert [*WorkerSighting.objects.values_list("pk", flat=True)] == ["alive"]


def test_a_task_that_ends_every_worker_is_given_up() -> None:
    task = begun_by("first")
    for number in range(MOST_CRASHES):
        assert task.status == RUNNING, number
        models.take_up_abandoned(BACKEND)
        task.refresh_from_db()
        if number < MOST_CRASHES - 1:
            assert task.status == READY
            task.claim(f"worker {number}")
    assert task.status == FAILED
    assert task.traceback == "Each time the worker ended before the task did."
    run()
    assert work.done == []


def test_a_task_that_the_code_knows_no_more_stops_nothing() -> None:
    enqueue(work.note, "a")
    QueuedTask.objects.update(task_path="tests.cms.background.work.gone")
    enqueue(work.note, "b")
    run()
    assert work.done == ["b"]
    assert QueuedTask.objects.get(status=READY).attempts == 1


def test_several_workers_do_each_task_once() -> None:
    for number in range(30):
        enqueue(work.note, str(number))
    workers = [Elsewhere(run) for _ in range(3)]
    for one in workers:
        one.join()
    assert sorted(work.done, key=int) == [str(number) for number in range(30)]
    assert set(statuses()) == {"SUCCESSFUL"}


def test_a_database_that_is_away_ends_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not where it claims a task, and not where it would write down that one is done."""
    enqueue(work.note, "a")
    monkeypatch.setattr(worker, "INTERVAL", 0)
    away = iter([True, False, False, False])
    claimed = Worker._claimed
    finished = QueuedTask.set_successful

    def claim(self: Worker) -> Any:
        if next(away, False):
            raise OperationalError("database is locked")
        return claimed(self)

    lost = iter([True])

    def finish(self: QueuedTask, value: Any) -> None:
        if next(lost, False):
            monkeypatch.setattr(QueuedTask, "set_failed", fail)
            raise OperationalError("the connection is lost")
        finished(self, value)

    def fail(self: QueuedTask, error: BaseException) -> None:
        raise error

    monkeypatch.setattr(Worker, "_claimed", claim)
    monkeypatch.setattr(QueuedTask, "set_successful", finish)
    run()
    assert work.done == ["a", "a"]
    assert statuses() == ["SUCCESSFUL"]


def test_what_is_long_done_is_forgotten() -> None:
    enqueue(work.note, "a")
    run()
    take_round("x")
    assert QueuedTask.objects.count() == 1
    QueuedTask.objects.update(finished_at=timezone.now() - timedelta(days=2))
    take_round("x")
    assert not QueuedTask.objects.exists()


def test_a_worker_is_seen_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "ROUND", 0.05)
    seen = threading.Event()

    def see_again(worker_id: str) -> None:
        seen.set()
        see(worker_id)

    with worker.kept_alive("x"):
        monkeypatch.setattr(worker, "see", see_again)
        assert seen.wait(10)
        assert WorkerSighting.objects.alive().exists()
    assert not WorkerSighting.objects.exists()
