"""Wagtail's `fixtree`, which repairs the page tree with SQL of its own, so everything is invalidated afterwards."""

from typing import Any

from wagtail.management.commands.fixtree import Command as WagtailCommand

from frontend_api.changes.transaction import invalidate_all, transaction


class Command(WagtailCommand):
    """Does what Wagtail's command does, and logs that everything may have changed."""

    def handle(self, **options: Any) -> None:
        """Repair the tree and log it, in one transaction."""
        with transaction():
            super().handle(**options)
            invalidate_all()
