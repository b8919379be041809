"""Wagtail's `set_url_paths`, which recomputes the path of every page, with one transaction per page."""

from typing import Any

from wagtail.management.commands.set_url_paths import Command as WagtailCommand

from frontend_api.changes.transaction import transaction


class Command(WagtailCommand):
    """Does what Wagtail's command does, but saves only paths that were wrong."""

    def set_subtree(self, root: Any, parent: Any = None) -> None:
        """Set the path of a page and of all its descendants."""
        before = root.url_path
        if root.set_url_path(parent) != before:
            with transaction():
                root.save(update_fields=["url_path"])
        for child in root.get_children():
            self.set_subtree(child, root)
