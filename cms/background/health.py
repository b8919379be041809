"""What administrators should know: tasks that fail or that nobody runs, jobs that are behind, pages that are late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend_api.scheduling.lateness import Lateness, lateness

from .jobs import AFTER_A_FAILURE, JOBS
from .models import FAILED, READY, JobRun, QueuedTask
from .worker import BACKEND

LONGEST_WAIT = timedelta(minutes=5)
"""If a task that may run has waited for so long, nobody runs tasks, or too few do."""

LATE = timedelta(minutes=1)
"""If something is due for so long and nobody has tried it, nobody publishes on time."""

# What a task is for, by its path.
NAMES = {
    "cms.mail.send_stored": gettext_lazy("Send a mail"),
    "frontend_api.caching.cdn.tasks.purge_caches": gettext_lazy("Purge the caches in front"),
    "frontend_api.images.tasks.image_changed": gettext_lazy("Look where an image is used"),
    "frontend_api.images.tasks.object_changed": gettext_lazy("Look which images a page shows"),
    "frontend_api.images.tasks.pictures_chosen": gettext_lazy("Make the sizes of an image"),
    "frontend_api.webhooks.mails.tell_switched_off": gettext_lazy("Say that a webhook is off"),
    "frontend_api.webhooks.tasks.send_webhooks": gettext_lazy("Send webhooks"),
}


def failing() -> QuerySet[QueuedTask]:
    """Return the tasks that were given up, and those that failed and wait for their next attempt."""
    waits = Q(status=READY) & ~Q(traceback="")
    return _tasks().filter(Q(status=FAILED) | waits).order_by("status", "-enqueued_at")


def given_up() -> int:
    """Return how many tasks were given up."""
    return _tasks().filter(status=FAILED).count()


def waiting_too_long() -> int:
    """Return how many tasks wait though they might have run long ago."""
    ready: Any = QueuedTask.objects.ready()
    waits = ready.filter(backend_name=BACKEND, enqueued_at__lt=timezone.now() - LONGEST_WAIT)
    return int(waits.exclude(run_after__gt=timezone.now() - LONGEST_WAIT, traceback__gt="").count())


@dataclass(frozen=True)
class JobState:
    """A job, when it was last done, and what is wrong with it."""

    name: str
    title: str
    done_at: datetime | None
    error: str
    is_behind: bool


def job_states() -> list[JobState]:
    """Return the state of every job; one that was never begun is not behind: there may be no worker yet."""
    runs = {run.name: run for run in JobRun.objects.all()}
    now = timezone.now()
    states = []
    for job in JOBS:
        run = runs.get(job.name)
        rest = max(job.every, AFTER_A_FAILURE) + LONGEST_WAIT
        # While it goes on for the first time, it is not done yet.
        since = run and (run.done_at or run.begun_at)
        is_behind = bool(since and since < now - rest)
        states.append(
            JobState(
                job.name,
                str(job.title),
                run.done_at if run else None,
                run.error if run else "",
                is_behind,
            )
        )
    return states


def troubled_jobs() -> list[JobState]:
    """Return the jobs that failed the last time, or that nobody has done for too long."""
    return [state for state in job_states() if state.error or state.is_behind]


def late_pages() -> Lateness | None:
    """Return how late publishing and expiring is, if something failed or nobody does it."""
    late = lateness()
    return late if late.failing or late.longest > LATE else None


def name_of(task: QueuedTask) -> str:
    """Return what a task is for, such as `Send a mail: “Reset your password”`."""
    name = str(NAMES.get(task.task_path, task.task_path))
    subject = _subject(task)
    return _("%(name)s: “%(subject)s”") % {"name": name, "subject": subject} if subject else name


def error_of(task: QueuedTask) -> str:
    """Return the last line of what went wrong."""
    lines = task.traceback.strip().splitlines()
    return lines[-1][:300] if lines else ""


def state_of(task: QueuedTask) -> str:
    """Return whether a task was given up, or is tried again."""
    return _("Given up") if task.status == FAILED else _("Tried again later")


def _subject(task: QueuedTask) -> str:
    """Return the subject of a mail, or the key of what an image task is about; nothing of a task of another kind."""
    args = task.args_kwargs.get("args") or [""]
    if task.task_path == "cms.mail.send_stored":
        return str(args[0].get("subject", ""))
    if task.task_path == "frontend_api.images.tasks.pictures_chosen":
        return ", ".join(str(key) for key, *_use in args[1])
    if task.task_path in NAMES:
        return " ".join(str(one) for one in args if one is not None)
    return ""


def _tasks() -> QuerySet[QueuedTask]:
    tasks: Any = QueuedTask.objects.filter(backend_name=BACKEND)
    return tasks
