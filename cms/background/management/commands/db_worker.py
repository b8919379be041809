"""`manage.py db_worker`: runs the tasks that wait in the database; in the place of the one of django-tasks-db."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.background.worker import INTERVAL, Worker


class Command(BaseCommand):
    """Runs tasks until it is told to stop; what fails is tried again, and what another worker left is taken up."""

    help = (
        "Runs tasks that wait in the database: images, mail, purges. Several may run, on any machines. SIGTERM ends it "
        "after the present task; when it is killed, another worker takes that task up."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--batch` and `--interval`."""
        parser.add_argument(
            "--batch", action="store_true", help="End once no task is left that may run now."
        )
        parser.add_argument(
            "--interval",
            type=float,
            default=INTERVAL,
            help="After how many seconds without a task to look for one again (default: %(default)s).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run tasks."""
        worker = Worker(batch=options["batch"], interval=options["interval"])
        worker.configure_signals()
        worker.run()
