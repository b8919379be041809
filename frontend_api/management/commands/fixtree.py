"""Wagtail's `fixtree`, which mends the tree by SQL of its own."""

from typing import Any

from wagtail.management.commands.fixtree import Command as WagtailCommand

from frontend_api.changes.transaction import invalidate_all, transaction


class Command(WagtailCommand):
    """Does what Wagtail's does, and logs that everything may have changed."""

    def handle(self, **options: Any) -> None:
        """Mend the tree."""
        with transaction():
            super().handle(**options)
            invalidate_all()
