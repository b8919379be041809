"""Writes down what came of an attempt: delivered, to be tried again, given up, or the recipient switched off.

A message is tried again for 75 hours, as Standard Webhooks advise. A recipient that does not answer, or fails by
itself, is left alone for a while with all its messages; one that failed for three days, or that answers 410, is
switched off. What it is owed stays owed.
"""

import logging
import random
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.db import transaction
from django.utils import timezone

from frontend_api.changes.enqueueing import enqueue

from .mails import tell_switched_off
from .models import State, WebhookAttempt, WebhookMessage, WebhookRecipient
from .owed import SETTLING
from .requests import Made
from .sending import Answer

logger = logging.getLogger("frontend_api.webhooks")

RESTS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long a message rests after each failure: 75 hours and a half in all. A tenth may be added, by chance."""

FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
"""How long a recipient is left alone that fails; twice as long each time."""

LONGEST_RETRY_AFTER = timedelta(hours=24)
"""Whatever an answer asks for, it is asked again after so long."""

PATIENCE = timedelta(days=3)
"""A recipient that did nothing but fail for so long is switched off."""

TOO_MANY, GONE = 429, 410

CHANGED = (
    *("failures", "failing_since", "resting_until", "last_error"),
    *("is_enabled", "switched_off_at"),
)
"""What an outcome may change of a recipient, and nothing that its form has."""


def write_down(message: WebhookMessage, made: Made, answer: Answer, at: datetime) -> None:
    """Keep an attempt in the log, and settle what follows from it, unless somebody else has claimed the message."""
    now = timezone.now()
    with transaction.atomic():
        recipient = (
            WebhookRecipient.objects.select_for_update().filter(pk=message.recipient_id).first()
        )
        locked = WebhookMessage.objects.select_for_update().filter(pk=message.pk).first()
        if recipient is None or locked is None:
            return
        WebhookAttempt.objects.create(
            message=locked,
            at=at,
            seconds=round(answer.seconds, 3),
            request=made.shown,
            status=answer.status,
            answer=answer.body,
            error=answer.error,
        )
        if (locked.claim, locked.state) != (message.claim, State.PENDING):
            return
        locked.claim, locked.claimed_until = "", None
        if locked.is_test:
            locked.state = State.DELIVERED if answer.is_taken else State.GIVEN_UP
            locked.finished_at = now
        elif answer.is_taken:
            _delivered(locked, recipient, now)
        else:
            _failed(locked, recipient, answer, now)
        locked.save()
        recipient.save(update_fields=CHANGED)


def _delivered(message: WebhookMessage, recipient: WebhookRecipient, now: datetime) -> None:
    if recipient.failing_since is not None:
        logger.warning("The webhook %s is taken again.", recipient)
    recipient.failures, recipient.failing_since, recipient.resting_until = 0, None, None
    recipient.last_error = ""
    message.attempts = 0
    if message.repeats:
        message.repeats -= 1
        message.due_at = now + SETTLING
    else:
        message.state, message.finished_at = State.DELIVERED, now


def _failed(
    message: WebhookMessage, recipient: WebhookRecipient, answer: Answer, now: datetime
) -> None:
    logger.error("The webhook %s cannot be delivered: %s", recipient, answer.error)
    asked_for = retry_after(answer.headers.get("retry-after", ""), now)
    recipient.failing_since = recipient.failing_since or now
    recipient.last_error = answer.error
    if answer.status is None or answer.status >= 500 or answer.status == TOO_MANY:
        _let_rest(recipient, asked_for, now)
    if message.attempts < len(RESTS):
        message.due_at = max(now + jittered(RESTS[message.attempts]), asked_for or now)
        message.attempts += 1
    else:
        message.state, message.finished_at = State.GIVEN_UP, now
    if answer.status == GONE or now - recipient.failing_since >= PATIENCE:
        _switch_off(recipient, now)
        # What was not taken is owed to it once it is on again.
        message.state, message.finished_at, message.due_at = State.PENDING, None, now


def _let_rest(recipient: WebhookRecipient, asked_for: datetime | None, now: datetime) -> None:
    resting = recipient.resting_until
    if resting is None or resting <= now:
        # Of several messages that failed at once, the first one says enough.
        rest = min(FIRST_REST * 2 ** min(recipient.failures, 10), LONGEST_REST)
        recipient.failures += 1
        resting = now + jittered(rest)
    recipient.resting_until = max(resting, asked_for or resting)


def _switch_off(recipient: WebhookRecipient, now: datetime) -> None:
    logger.error("The webhook %s is switched off.", recipient)
    recipient.is_enabled, recipient.switched_off_at = False, now
    recipient.resting_until = None
    enqueue(tell_switched_off, recipient.pk)


def jittered(rest: timedelta) -> timedelta:
    """Return a rest and up to a tenth more, so that not everybody comes back at once."""
    return rest * random.uniform(1, 1.1)  # noqa: S311 - it guards no secret.


def retry_after(text: str, now: datetime) -> datetime | None:
    """Return when a `Retry-After` asks to come back, in seconds or as a date, or None if it does not say."""
    latest = now + LONGEST_RETRY_AFTER
    if re.fullmatch(r"[0-9]{1,9}", seconds := text.strip()):
        return min(now + timedelta(seconds=int(seconds)), latest)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without a time zone is one in UTC.
    return min(moment if moment.tzinfo else moment.replace(tzinfo=UTC), latest)
