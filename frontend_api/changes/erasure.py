"""Takes the names of people whose accounts are deleted out of the change log, and keeps what they changed."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from .models import Change


def forget(usernames: Iterable[str]) -> int:
    """Leave open who made the changes of these accounts; return how many there were."""
    return Change.objects.filter(made_by__in=[name for name in usernames if name]).update(
        made_by=""
    )


@receiver(pre_delete)
def forget_deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Forget whoever is about to be deleted."""
    if issubclass(sender, get_user_model()):
        forget([instance.get_username()])
