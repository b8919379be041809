"""`manage.py personal_data`: prints what the service knows of a person, as JSON."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cms.accounts import erasure
from cms.accounts.personal_data import collect
from cms.audit.log import record
from cms.audit.models import Kind


class Command(BaseCommand):
    """Lists, for somebody who asks, what is known of them; `erase_user` takes it out."""

    help = (
        "Prints everything that is known of a person as JSON: the account, what the logs have of them, links, comments "
        "and uploads. Also works for an account that was deleted before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose data it is."""
        parser.add_argument("account", help="The username, or else the primary key.")

    def handle(self, *args: Any, account: str, **options: Any) -> None:
        """Print it, and write into the audit log that it was listed."""
        person = erasure.find(account)
        found = collect(person)
        if person.user is None and not any(found.values()):
            raise CommandError(
                f"Nothing is known of {account!r}. Give a username or a primary key."
            )
        record(Kind.PERSONAL_DATA, about=person.user or str(person.key or ""))
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
