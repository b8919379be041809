"""Sends webhooks once a change is committed, in a worker or in the process that made the change."""

import logging
from typing import Any

from django.dispatch import receiver
from django_tasks import task

from frontend_api import conf
from frontend_api.changes.enqueueing import SOONEST, hand_over
from frontend_api.changes.writing import changes_committed

from .deliveries import deliver
from .models import WebhookRecipient

logger = logging.getLogger("frontend_api.webhooks.tasks")

# In seconds: how long an editor may wait where tasks are run at once.
PATIENCE = 4


@task()
def send_webhooks() -> None:
    """Send whatever is due."""
    deliver(PATIENCE)


@receiver(changes_committed)
def send_after_commit(**kwargs: Any) -> None:
    """Enqueue the delivery; if that fails, the request does not, and it is done later."""
    try:
        if conf.webhooks() or WebhookRecipient.objects.filter(is_enabled=True).exists():
            hand_over(send_webhooks, priority=SOONEST)
    except Exception:
        # Each queue has its own errors.
        logger.exception("Webhooks could not be handed to a worker; `send_webhooks` sends them.")
