"""What somebody does with a recipient: switches it on or off, and replaces its secret."""

from datetime import timedelta

from django.utils import timezone

from .models import State, WebhookMessage, WebhookRecipient
from .sealing import new_secret, seal

BOTH = timedelta(days=1)
"""For how long a secret that was replaced signs beside the new one, so that receivers can change theirs."""


def rotate(recipient: WebhookRecipient) -> None:
    """Give a recipient a new secret; the one before signs as well for a day."""
    recipient.secret_before, recipient.secret = recipient.secret, seal(new_secret())
    recipient.secret_before_until = timezone.now() + BOTH
    recipient.save(update_fields=["secret", "secret_before", "secret_before_until"])


def switch(recipient: WebhookRecipient, is_enabled: bool) -> None:
    """Switch a recipient on or off. Switched on, it is sent what it is owed, and what changed since."""
    WebhookRecipient.objects.filter(pk=recipient.pk).update(
        is_enabled=is_enabled,
        switched_off_at=None,
        failures=0,
        failing_since=None,
        resting_until=None,
        last_error="",
    )
    if is_enabled:
        waiting = WebhookMessage.objects.filter(recipient=recipient, state=State.PENDING)
        waiting.update(due_at=timezone.now(), attempts=0)
