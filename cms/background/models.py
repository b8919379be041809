"""A task that waits, runs or is given up, the workers that are seen to run, and when they did which job."""

import logging
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max
from django_tasks_db.utils import retry

logger = logging.getLogger(__name__)

RESTS = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 28_800))
"""How long a task that failed is left alone, each time; after the last, some ten hours later, it is given up."""

MOST_CRASHES = 3
"""So many attempts a task has whose worker ends each time, as one does that is out of memory."""

LEASE = timedelta(seconds=60)
"""For so long a worker that is not seen is taken to be alive."""

# The same names as `django_tasks_db` writes, which it takes from Django's own framework for tasks.
READY, RUNNING, FAILED = (
    TaskResultStatus.READY,
    TaskResultStatus.RUNNING,
    TaskResultStatus.FAILED,
)


class QueuedTask(DBTaskResult):
    """A task in the database that is tried again when it fails, and forgets its arguments once it is done."""

    class Meta:
        proxy = True
        verbose_name = "background task"
        verbose_name_plural = "background tasks"

    def __str__(self) -> str:
        return f"{self.task_path} {self.id}"

    @property
    def attempts(self) -> int:
        """How often it was begun."""
        return len(self.worker_ids)

    @retry()
    def set_failed(self, exc: BaseException) -> None:
        """Let the task wait for its next attempt, or give it up after the last."""
        attempt = self.attempts
        if attempt > len(RESTS):
            super().set_failed(exc)
            logger.error("Given up after %d attempts: %s.", attempt, self, exc_info=exc)
            return
        # Its own method writes down what went wrong; one more sets it to wait, in the same transaction.
        with transaction.atomic():
            super().set_failed(exc)
            self._wait(RESTS[attempt - 1])
        logger.warning("Attempt %d failed, and is made again: %s.", attempt, self, exc_info=exc)

    def set_successful(self, return_value: Any) -> None:
        """Mark the task as done, without what it was given: that may be the text of a mail."""
        super().set_successful(return_value)
        self.args_kwargs = {"args": [], "kwargs": {}}
        self.save(update_fields=["args_kwargs"])

    def abandon(self) -> None:
        """Let another worker take up the task, whose own has ended in the middle of it, or give it up."""
        if self.attempts >= MOST_CRASHES:
            self.status, self.finished_at = FAILED, timezone.now()
            self.traceback = gettext("Each time the worker ended before the task did.")
            self.save(update_fields=["status", "finished_at", "traceback"])
            logger.error("Given up, because its workers ended in the middle of it: %s.", self)
        else:
            self._wait(timedelta(0))
            logger.warning("Its worker has ended, and another takes it up: %s.", self)

    def try_again(self) -> None:
        """Let a task that waits or was given up run as soon as a worker is free, as if it were new."""
        self.worker_ids = []
        self.run_after = get_date_max()
        self.status, self.finished_at = READY, None
        self.save(update_fields=["worker_ids", "run_after", "status", "finished_at"])

    def _wait(self, rest: timedelta) -> None:
        self.status, self.finished_at = READY, None
        self.run_after = timezone.now() + rest
        self.save(update_fields=["status", "finished_at", "run_after"])


class TaskOrigin(models.Model):
    """The request that asked for a task, for what is logged and traced of the task."""

    # Without a constraint in the database: servers with older code delete tasks, too, and know nothing of this table.
    task = models.OneToOneField(
        DBTaskResult, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    request_id = models.CharField(max_length=64)
    traceparent = models.CharField(max_length=100, default="")
    """The span of the request (W3C Trace Context), where traces are sent."""

    def __str__(self) -> str:
        return self.request_id


class SightingQuerySet(models.QuerySet["WorkerSighting"]):
    """The workers that were seen."""

    def alive(self) -> "SightingQuerySet":
        """Return those that were seen a moment ago, by the clock of the database, which all of them share."""
        return self.filter(seen_at__gt=Now() - LEASE)


class WorkerSighting(models.Model):
    """A worker that runs, and when it was last seen to: it writes that down every few seconds."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField()

    objects = SightingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.worker_id


class JobRun(models.Model):
    """When a job that is done again and again was last begun and ended; see `jobs`."""

    name = models.CharField(max_length=64, primary_key=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When it last ended; None while it is done, or if its worker has ended in the middle of it."""
    done_at = models.DateTimeField(null=True)
    """When it last ended well."""
    worker_id = models.CharField(max_length=64, default="")
    error = models.TextField(default="")
    """The last line of what went wrong the last time."""

    def __str__(self) -> str:
        return self.name


def see(worker_id: str) -> None:
    """Write down that a worker is alive."""
    row = WorkerSighting(worker_id=worker_id, seen_at=Now())
    WorkerSighting.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["worker_id"], update_fields=["seen_at"]
    )


def take_up_abandoned(backend: str, also_of: str | None = None) -> None:
    """Hand tasks whose worker has ended to others, and those of the worker `also_of`, which knows that it runs none."""
    running = QueuedTask.objects.filter(status=RUNNING, backend_name=backend)
    if not running.exists():
        return
    with transaction.atomic():
        alive = {*WorkerSighting.objects.alive().values_list("pk", flat=True)} - {also_of}
        for task in running.select_for_update(skip_locked=True):
            if task.worker_ids[-1] not in alive:
                task.abandon()
