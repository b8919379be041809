"""`manage.py reset_second_factor NAME`: for somebody who has lost their phone and their recovery codes."""

from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand

from cms.accounts.lookup import account_named


class Command(BaseCommand):
    """Removes the second factors of an account, and ends its sessions."""

    help = "Removes the second factors and recovery codes of an account, and ends its sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a username."""
        parser.add_argument("name", help="the username")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Remove them, and say how many there were."""
        user = account_named(name)
        sessions = list(UserSession.objects.filter(user=user))
        for session in sessions:
            session.end()
        number, _rows = Authenticator.objects.filter(user=user).delete()
        self.stdout.write(f"Removed {number} second factors, and ended {len(sessions)} sessions.")
