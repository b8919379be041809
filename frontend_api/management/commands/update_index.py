"""Wagtail's `update_index`, which also makes the words anew by which readers find pages, images and documents."""

from typing import Any

from wagtail.search.management.commands.update_index import Command as WagtailCommand

from frontend_api.changes.transaction import after_commit
from frontend_api.search import indexing


class Command(WagtailCommand):
    """Brings all that is kept for searches up to date, such as after rows were written behind Django's back."""

    def handle(self, **options: Any) -> None:
        """Write Wagtail's own indexes, then what the API searches."""
        super().handle(**options)
        if not options.get("schema_only"):
            # Within a transaction, whoever saves meanwhile would wait for the end of that.
            after_commit("frontend_api.search", self._keep_words)

    def _keep_words(self) -> None:
        count = indexing.rebuild()
        self.write(f"frontend_api: kept the words of {count} objects")
