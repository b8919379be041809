"""Wagtail's `publish_scheduled`, changed so that a page that cannot be published does not hold up the others."""

from typing import Any

from django.core.management.base import CommandError
from wagtail.management.commands.publish_scheduled import Command as WagtailCommand

from frontend_api.changes import search_backend
from frontend_api.scheduling.doing import do_due


class Command(WagtailCommand):
    """Expires and publishes what is due, each object in one transaction with its rows in the change log."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do everything that is due; what fails is logged, named in a `CommandError`, and retried by the next run."""
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        search_backend.catch_up()
        failed = do_due(rest=False)
        if failed:
            raise CommandError(
                f"Not done, and to be tried again: {', '.join(failed)}. The log says why."
            )
