"""What is done beside the answers: by workers, in jobs and tasks."""

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.background import health
from cms.background.models import QueuedTask, WorkerSighting
from cms.background.standby import STANDBY
from cms.background.worker import BACKEND

from .fact import Fact, Measure

START = "python manage.py db_worker"


def worker() -> Fact:
    """Say whether a worker runs; without one the servers do what cannot wait, and nobody what is done once a day."""
    alive = WorkerSighting.objects.alive().exclude(worker_id__startswith=STANDBY).count()
    measures = (Measure("cms_workers", "How many workers run.", alive),)
    if not alive:
        says = _("No worker runs. The servers do what cannot wait, and are slower meanwhile.")
        return Fact("worker", False, says, START, measures=measures)
    says = ngettext("%(count)d worker runs.", "%(count)d workers run.", alive) % {"count": alive}
    return Fact("worker", True, says, measures=measures)


def jobs() -> Fact:
    """Say whether what is done again and again was done, and ended well."""
    states = health.job_states()
    now = timezone.now()
    measures = tuple(
        Measure(
            "cms_job_age_seconds",
            "How long ago a job was last done.",
            max(0.0, (now - state.done_at).total_seconds()),
            ("job", state.name),
        )
        for state in states
        if state.done_at is not None
    )
    troubled = [state for state in states if state.error or state.is_behind]
    if not troubled:
        return Fact("jobs", True, _("Each was done when it was due."), measures=measures)
    says = " ".join(
        _("“%(title)s” failed: %(error)s.") % {"title": state.title, "error": state.error[:200]}
        if state.error
        else _("“%(title)s” has not been done for too long.") % {"title": state.title}
        for state in troubled
    )
    remedy = _("See Reports, Background tasks, and whether a worker runs: %(command)s") % {
        "command": START
    }
    return Fact("jobs", False, says, remedy, measures=measures)


def tasks() -> Fact:
    """Say whether tasks were given up, or wait for too long."""
    queue = QueuedTask.objects.ready().filter(backend_name=BACKEND)
    waiting = queue.count()
    oldest = queue.filter(traceback="").aggregate(oldest=Min("enqueued_at"))["oldest"]
    age = max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0
    given_up, late = health.given_up(), health.waiting_too_long()
    measures = (
        Measure("cms_tasks_waiting", "How many tasks wait to be run.", waiting),
        Measure("cms_tasks_oldest_age_seconds", "For how long the oldest has waited.", age),
        Measure("cms_tasks_given_up", "How many failed each time and are left.", given_up),
    )
    if given_up:
        says = ngettext(
            "%(count)d task was given up.", "%(count)d tasks were given up.", given_up
        ) % {"count": given_up}
        remedy = _("See why, and try again, in the admin, under Reports, Background tasks.")
        return Fact("tasks", False, says, remedy, measures=measures)
    if late:
        says = ngettext(
            "%(count)d task has waited for more than five minutes.",
            "%(count)d tasks have waited for more than five minutes.",
            late,
        ) % {"count": late}
        remedy = _("Start a worker, or one more: %(command)s") % {"command": START}
        return Fact("tasks", False, says, remedy, measures=measures)
    says = ngettext("%(count)d task waits.", "%(count)d tasks wait.", waiting) % {"count": waiting}
    return Fact("tasks", True, says, measures=measures)
