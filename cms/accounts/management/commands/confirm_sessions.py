"""`manage.py confirm_sessions`: ends the sessions of those whom the provider of accounts does not know any more."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.accounts import oidc, throttle


class Command(BaseCommand):
    """Asks the provider about each session; a worker does so every minute."""

    help = (
        "Asks the provider of accounts about each session, and ends those that it does not confirm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, and tidy up."""
        oidc.confirm()
        throttle.forget_ended()
