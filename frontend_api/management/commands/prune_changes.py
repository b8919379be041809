"""`manage.py prune_changes`: deletes old rows of the change log and of the feed."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from frontend_api.changes.pruning import DAYS_KEPT, prune
from frontend_api.feed import pruning as feed


class Command(BaseCommand):
    """Deletes changes that are too old for anyone to ask for."""

    help = "Deletes rows of the change log, and of the feed, that are older than a number of days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--days`."""
        parser.add_argument(
            "--days", type=int, default=DAYS_KEPT, help=f"Days to keep; {DAYS_KEPT} by default."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete the changes, and print how many there were."""
        days = options["days"]
        if not 0 <= days <= 36_500:
            raise CommandError(f"--days is {days}; it must be between 0 and 36500.")
        before = timezone.now() - datetime.timedelta(days=days)
        deleted = prune(before)
        feed.prune(before)
        self.stdout.write(f"Deleted {deleted} {'change' if deleted == 1 else 'changes'}.")
