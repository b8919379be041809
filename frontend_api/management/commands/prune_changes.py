"""`manage.py prune_changes`: forgets old rows of the change log."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from frontend_api.changes.pruning import DAYS_KEPT, prune


class Command(BaseCommand):
    """Deletes changes that nobody asks for any more."""

    help = "Deletes rows of the change log that are older than a number of days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the number of days."""
        parser.add_argument(
            "--days", type=int, default=DAYS_KEPT, help=f"Days to keep; {DAYS_KEPT} by default."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many went."""
        days = options["days"]
        if not 0 <= days <= 36_500:
            raise CommandError(f"--days is {days}; it must be between 0 and 36500.")
        deleted = prune(timezone.now() - datetime.timedelta(days=days))
        self.stdout.write(f"Deleted {deleted} {'change' if deleted == 1 else 'changes'}.")
