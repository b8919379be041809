"""What changes for readers: the log of it, and what is published on time."""

from datetime import timedelta

from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import ModelLogEntry, PageLogEntry

from cms.background import health
from frontend_api.changes import versions
from frontend_api.changes.models import Change
from frontend_api.changes.pruning import DAYS_KEPT
from frontend_api.scheduling.lateness import lateness

from .fact import Fact, Measure

UNPRUNED = timedelta(days=DAYS_KEPT + 3)
"""When the oldest change is older than this, nobody prunes the log."""

PUBLISH = "wagtail.publish"


def change_log() -> Fact:
    """Say where the change log stands, how old the last change is, and whether somebody prunes it."""
    now = timezone.now()
    version = versions.current().version
    kept = Change.objects.aggregate(oldest=Min("made_at"), newest=Max("made_at"))
    oldest, newest = kept["oldest"], kept["newest"]
    measures = [Measure("cms_changes", "The version of the change log.", version)]
    if newest is not None:
        age = max(0.0, (now - newest).total_seconds())
        measures.append(Measure("cms_last_change_age_seconds", "How old the last change is.", age))
    if oldest is not None and oldest < now - UNPRUNED:
        says = _("The oldest change is of %(age)s ago; they are kept for %(days)d days.") % {
            "age": timesince(oldest, now),
            "days": DAYS_KEPT,
        }
        remedy = _("Start a worker, which prunes it each day: python manage.py db_worker")
        return Fact("change log", False, says, remedy, measures=tuple(measures))
    says = (
        _("It stands at version %(version)d; the last change was %(age)s ago.")
        % {"version": version, "age": timesince(newest, now)}
        if newest is not None
        else _("It stands at version %(version)d, and has no change.") % {"version": version}
    )
    return Fact("change log", True, says, measures=tuple(measures))


def publishing() -> Fact:
    """Say whether what is due was published and ended on time."""
    late = lateness()
    measures = (
        Measure(
            "cms_publish_lag_seconds",
            "For how long the oldest page that is due has waited.",
            late.longest.total_seconds(),
        ),
        Measure("cms_publish_failing", "How much could not be published or ended.", late.failing),
        *(
            Measure("cms_published", "How often was published.", count, ("what", what))
            for what, count in _published().items()
        ),
    )
    if late.failing:
        says = ngettext(
            "%(count)d page or snippet could not go live or end.",
            "%(count)d pages or snippets could not go live or end.",
            late.failing,
        ) % {"count": late.failing}
        remedy = _("See why in the admin, under Reports, Schedule.")
        return Fact("publishing", False, says, remedy, measures=measures)
    if late.longest > health.LATE:
        says = ngettext(
            "%(count)d page or snippet is late, by %(age)s.",
            "%(count)d pages or snippets are late, the first by %(age)s.",
            late.waiting,
        ) % {"count": late.waiting, "age": timesince(late.since)}
        remedy = _("Start a worker: python manage.py db_worker")
        return Fact("publishing", False, says, remedy, measures=measures)
    return Fact("publishing", True, _("Nothing that is due is late."), measures=measures)


def _published() -> dict[str, int]:
    counts = {}
    for what, entries in (("page", PageLogEntry), ("snippet", ModelLogEntry)):
        found = entries.objects.filter(action=PUBLISH).aggregate(count=Count("pk"))
        counts[what] = int(found["count"])
    return counts
