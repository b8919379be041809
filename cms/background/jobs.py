"""What is done again and again without being asked for: published on time, purged, cleared, pruned.

Every worker looks for what is due, and the first that finds it does it: a row for each job says when it was begun, by
the clock of the database, which all workers share. What a worker leaves behind that is killed is begun again by another
one, so a job may be done twice, and at the same time; each of them is such that this does nothing twice.
"""

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from frontend_api.caching.cdn.purger import purge
from frontend_api.changes import search_backend
from frontend_api.scheduling.doing import do_due
from frontend_api.webhooks.deliveries import deliver

from .models import LEASE, JobRun, WorkerSighting

logger = logging.getLogger(__name__)

SOON = timedelta(seconds=2)
"""How much time is between two looks at what must not come late."""

PATIENCE = 4
"""How many seconds in one go others are waited for, or objects published: then the next have their turn."""

AFTER_A_FAILURE = timedelta(minutes=10)
"""When a job that failed is done again, at the latest."""


@dataclass(frozen=True)
class Job:
    """Something that is done every so often."""

    name: str
    """Its row in the table; it outlives what it is called elsewhere."""
    title: Any
    """What administrators know it by."""
    act: Callable[[], Any]
    every: timedelta


def _command(name: str) -> None:
    # What it would print to somebody who waits for it.
    call_command(name, stdout=io.StringIO())


def _publish() -> None:
    do_due(seconds=PATIENCE)


def _purge() -> None:
    purge(PATIENCE)


def _tell() -> None:
    deliver(PATIENCE)


JOBS = (
    Job(
        "identities",
        _("Ask the provider of accounts"),
        partial(_command, "confirm_sessions"),
        timedelta(minutes=1),
    ),
    Job("publish", _("Publish and expire on time"), _publish, SOON),
    Job("purge", _("Purge the caches in front"), _purge, timedelta(seconds=5)),
    Job("tell", _("Tell recipients of webhooks"), _tell, timedelta(seconds=5)),
    Job("index", _("Index what was left behind"), search_backend.catch_up, timedelta(minutes=1)),
    Job(
        "clear",
        _("Clear previews and old files"),
        partial(_command, "clear_previews"),
        timedelta(hours=1),
    ),
    Job("prune", _("Prune the change log"), partial(_command, "prune_changes"), timedelta(days=1)),
    Job("audit", _("Prune the audit log"), partial(_command, "prune_audit"), timedelta(days=1)),
    Job(
        "pictures",
        _("Make missing images"),
        partial(_command, "make_renditions"),
        timedelta(days=1),
    ),
)

PROMPT = tuple(job for job in JOBS if job.every <= timedelta(seconds=15))
"""The jobs for which a site without a worker cannot wait for somebody to start a command."""


def take_turn(job: Job, worker_id: str) -> bool:
    """Do a job if it is due and nobody else does it, and return whether it was."""
    if not _claimed(job, worker_id):
        return False
    error = ""
    try:
        job.act()
    except Exception as raised:
        logger.exception("A job failed, and is done again later: %s.", job.name)
        error = _last_line(raised)
    ended: dict[str, Any] = {"ended_at": Now(), "error": error}
    JobRun.objects.filter(pk=job.name, worker_id=worker_id).update(
        **(ended if error else {**ended, "done_at": Now()})
    )
    return True


def _claimed(job: Job, worker_id: str) -> bool:
    """Take a job that is due, in one statement, so that only one worker can."""
    again = min(job.every, AFTER_A_FAILURE)
    alive = WorkerSighting.objects.alive().exclude(pk=worker_id).values("pk")
    is_due = (
        Q(begun_at=None)
        | Q(error="", ended_at__isnull=False, begun_at__lte=Now() - job.every)
        | (Q(ended_at__isnull=False, begun_at__lte=Now() - again) & ~Q(error=""))
        # Its worker was killed, or hangs.
        | (Q(ended_at=None) & ~Q(worker_id__in=alive))
        | Q(ended_at=None, begun_at__lte=Now() - max(job.every, LEASE))
    )
    runs = JobRun.objects.filter(pk=job.name)
    # An idle worker writes nothing, which would lock the whole of SQLite.
    if not runs.filter(is_due).exists():
        if runs.exists():
            return False
        JobRun.objects.bulk_create([JobRun(name=job.name)], ignore_conflicts=True)
    begun = {"begun_at": Now(), "ended_at": None, "worker_id": worker_id}
    return bool(runs.filter(is_due).update(**begun))


def _last_line(error: Exception) -> str:
    said = str(error).strip().splitlines()
    return ": ".join([type(error).__name__, *said[-1:]])[:500]
