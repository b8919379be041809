"""`manage.py purge_cdn`: purges the caches in front of the API of changes that they were not purged of yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from frontend_api.caching.cdn.health import problems
from frontend_api.caching.cdn.purger import forget_others, purge

PATIENCE = 50
"""How many seconds to wait for the caches; the next run may begin a minute after this one."""


class Command(BaseCommand):
    """Retries purges that failed, and does those that a crash left undone."""

    help = (
        "Purges the caches of WAGTAILFRONTENDCACHE of what has changed. Run it every minute; it ends with status 1 "
        "while a cache cannot be purged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--now`."""
        parser.add_argument(
            "--now", action="store_true", help="Also ask a cache that failed a moment ago."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Purge, and raise `CommandError` while a cache cannot be purged."""
        forget_others()
        for row in purge(PATIENCE, rest=not options["now"]):
            if row.failing_since is None:
                self.stdout.write(f"{row.name}: purged up to version {row.purged}.")
        wrong = [
            f"{one.name} (since {one.since:%Y-%m-%d %H:%M} UTC): {one.error}" for one in problems()
        ]
        if wrong:
            raise CommandError(f"Not purged, and to be tried again: {'; '.join(wrong)}")
