"""Takes messages that are due for whoever sends them, each for one, and puts them back to be sent again."""

import secrets
from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from .models import MessageQuerySet, State, WebhookMessage, WebhookRecipient
from .sending import SECONDS

CLAIMED = timedelta(seconds=6 * SECONDS)
"""After so long, whoever claimed a message is taken for dead."""

AT_ONCE_EACH = 4
"""How many messages are sent to one recipient at a time, whoever sends them; to one that fails, a single one."""


def claimed(most: int) -> list[WebhookMessage]:
    """Claim messages that are due, and return them."""
    now = timezone.now()
    under_way = WebhookMessage.objects.filter(state=State.PENDING, claimed_until__gt=now)
    busy = Counter(under_way.values_list("recipient_id", flat=True))
    taken: list[WebhookMessage] = []
    for message in _first_due(most, now):
        limit = 1 if message.recipient.failures else AT_ONCE_EACH
        if busy[message.recipient_id] < limit and _claim(message):
            busy[message.recipient_id] += 1
            taken.append(message)
    return taken


def _first_due(most: int, now: datetime) -> list[WebhookMessage]:
    """Return some of the messages that are due, for each recipient."""
    due = WebhookMessage.objects.due(now)
    recipients = WebhookRecipient.objects.filter(pk__in=due.values("recipient"))
    found = [
        message
        for recipient in recipients
        for message in due.filter(recipient=recipient)
        .select_related("recipient")
        .order_by("due_at", "pk")[:AT_ONCE_EACH]
    ]
    return sorted(found, key=lambda message: (message.due_at, message.pk))[:most]


def _claim(message: WebhookMessage) -> bool:
    now = timezone.now()
    message.claim = secrets.token_hex(16)
    # Of two who try, the second finds the row as the first one left it.
    free = WebhookMessage.objects.filter(pk=message.pk, state=State.PENDING).filter(
        Q(claimed_until=None) | Q(claimed_until__lte=now)
    )
    return bool(free.update(claim=message.claim, claimed_until=now + CLAIMED))


def send_again(messages: MessageQuerySet) -> int:
    """Have messages sent once more, each with the id that it has, and return how many."""
    now = timezone.now()
    free = messages.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    return free.update(state=State.PENDING, due_at=now, attempts=0, finished_at=None)
