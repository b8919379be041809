"""`manage.py migrate`: Django's own, one at a time."""

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from cms.migration_lock import migration_lock


class Command(Migrate):
    """Migrates while nobody else does; who comes second waits, and then finds nothing left to do."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, or wait until somebody else has."""
        # These two change nothing.
        if options["check_unapplied"] or options["plan"]:
            super().handle(*args, **options)
            return
        with migration_lock(
            connections[options["database"]],
            lambda: self.stderr.write("Another migrate is running; waiting until it has ended."),
        ):
            super().handle(*args, **options)
