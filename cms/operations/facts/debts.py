"""Who is owed something: caches in front that are to be purged, and recipients of webhooks."""

from django.utils import timezone
from django.utils.translation import gettext as _

from frontend_api.caching.cdn import health as purging
from frontend_api.webhooks import health as telling
from frontend_api.webhooks.models import State, WebhookMessage

from .fact import Fact, Measure


def purges() -> Fact:
    """Say which caches in front could not be purged, and may show what is old."""
    problems = purging.problems()
    now = timezone.now()
    measures = (
        Measure("cms_purges_failing", "How many caches in front are behind.", len(problems)),
        *(
            Measure(
                "cms_purge_behind_seconds",
                "For how long a cache in front has been behind.",
                max(0.0, (now - problem.since).total_seconds()),
                ("cache", problem.name),
            )
            for problem in problems
        ),
    )
    if not problems:
        says = _("No cache in front waits to be purged.")
        return Fact("purges", True, says, measures=measures)
    says = " ".join(
        _("%(name)s may show what is old: %(error)s")
        % {"name": problem.name, "error": problem.error[:200]}
        for problem in problems
    )
    remedy = _("Let the cache answer, then: python manage.py purge_cdn")
    return Fact("purges", False, says, remedy, measures=measures)


def webhooks() -> Fact:
    """Say which recipients of webhooks are not told what they should be."""
    problems = telling.problems()
    owed = WebhookMessage.objects.filter(state=State.PENDING).count()
    measures = (
        Measure("cms_webhooks_owed", "How many messages wait to be delivered.", owed),
        Measure("cms_webhooks_failing", "How many recipients fail.", len(problems)),
    )
    if not problems:
        return Fact("webhooks", True, _("No recipient fails."), measures=measures)
    says = " ".join(f"{problem.name}: {problem.text}" for problem in problems)
    remedy = _("See what they answer in the admin, under Settings, Webhooks.")
    return Fact("webhooks", False, says, remedy, measures=measures)
