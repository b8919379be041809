"""`manage.py let_in NAME`: a link with which an account signs in once, for when the provider of accounts is broken."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.accounts.letting_in import MINUTES, link_for
from cms.accounts.lookup import account_named


class Command(BaseCommand):
    """Prints the link."""

    help = "Prints a link with which an account signs in once, without its password or provider."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a username."""
        parser.add_argument("name", help="the username")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Print the link, or say why there is none."""
        user = account_named(name)
        if not user.is_active:
            raise CommandError(f"The account {name} is not active.")
        self.stdout.write(f"Within {MINUTES} minutes, open once:\n{link_for(user)}")
