"""`manage.py invalidate_all`: makes sure that nothing cached before is served again."""

from typing import Any

from django.core.management.base import BaseCommand

from frontend_api.changes import versions
from frontend_api.changes.transaction import invalidate_all


class Command(BaseCommand):
    """Logs that everything may have changed."""

    help = (
        "Makes everything that is cached old. For changes made behind Django's back: by SQL, by a script that updates "
        "in bulk, by putting back a backup."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Log it, and print the new version."""
        invalidate_all()
        self.stdout.write(f"Everything is new as of version {versions.current().version}.")
