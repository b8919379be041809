"""Reports which recipients fail, were switched off, or wait for somebody to send what they are owed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .models import WebhookMessage, WebhookRecipient

LONGEST_WAIT = timedelta(minutes=5)
"""If a message that is due has waited for so long, nobody sends any."""


@dataclass(frozen=True)
class Problem:
    """A recipient that is not told what it should be, and a sentence that says why."""

    pk: int
    name: str
    text: str


def problems() -> list[Problem]:
    """Return a problem for each recipient that fails, was switched off by itself, or waits for too long."""
    now = timezone.now()
    found = WebhookRecipient.objects.filter(
        Q(is_enabled=True, failing_since__isnull=False) | Q(switched_off_at__isnull=False)
    )
    failing = [Problem(one.pk, one.name, state_of(one)) for one in found]
    late = WebhookMessage.objects.due(now - LONGEST_WAIT).exclude(recipient__in=found)
    waiting = late.values("recipient", "recipient__name").annotate(since=Min("due_at"))
    return [
        *failing,
        *(
            Problem(
                row["recipient"],
                row["recipient__name"],
                _("It waits since %(since)s; does a worker run, or `send_webhooks` every minute?")
                % {"since": _moment(row["since"])},
            )
            for row in waiting.order_by("recipient__name")
        ),
    ]


def state_of(recipient: WebhookRecipient) -> str:
    """Return how it goes with a recipient, in a few words."""
    if recipient.switched_off_at is not None:
        return _("Switched off by itself since %(since)s. %(error)s") % {
            "since": _moment(recipient.switched_off_at),
            "error": recipient.last_error,
        }
    if not recipient.is_enabled:
        return _("Switched off")
    if recipient.failing_since is not None:
        return _("Fails since %(since)s. %(error)s") % {
            "since": _moment(recipient.failing_since),
            "error": recipient.last_error,
        }
    return _("Works")


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
