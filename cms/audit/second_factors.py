"""Records second factors that are added and removed; loaded where allauth's app for them is installed."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .log import record
from .models import Kind


@receiver(post_save, sender="mfa.Authenticator")
def second_factor_added(instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Record a new second factor; each use of one saves it, too."""
    if created and not raw:
        record(Kind.SECOND_FACTOR, about=instance.user, added=instance.type)


@receiver(post_delete, sender="mfa.Authenticator")
def second_factor_removed(instance: Any, **kwargs: Any) -> None:
    """Record that a second factor was removed."""
    record(Kind.SECOND_FACTOR, about=instance.user, removed=instance.type)
