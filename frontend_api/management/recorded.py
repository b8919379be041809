"""Commands of Wagtail's that change what the public sees, each as one transaction with its rows in the change log."""

from typing import Any

from frontend_api.changes.recording import recording


class Recorded:
    """Stands before a command among the bases of its recorded form."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the command does."""
        with recording():
            super().handle(*args, **options)  # type: ignore[misc]
