"""`manage.py restore FILE`: puts a backup back, in one transaction, on either database."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cms.transfer.backups import archive
from cms.transfer.backups.archive import BackupError
from cms.transfer.backups.restoring import restore


class Command(BaseCommand):
    """Puts a backup back."""

    help = (
        "Replaces what is in the database by what is in a backup, and stores its media. A crash leaves everything as "
        "it was. Stop the servers and workers first: they remember what they have read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which backup, and what may be lost."""
        parser.add_argument("file", type=Path, help="The archive that `backup` wrote.")
        parser.add_argument(
            "--check", action="store_true", help="Only read it to its end, and change nothing."
        )
        parser.add_argument(
            "--force", action="store_true", help="Replace a database that has content."
        )
        parser.add_argument(
            "--copy",
            action="store_true",
            help="Switch its webhooks off, so that a copy tells nobody of its changes.",
        )

    def handle(
        self, *args: Any, file: Path, check: bool, force: bool, copy: bool, **options: Any
    ) -> None:
        """Put it back, and say what is to be done next."""
        try:
            if check:
                self.stdout.write(f"{file} is whole: {archive.check(file)} files in it.")
                return
            restored = restore(file, replaces=force, is_copy=copy)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Put back {restored.rows} rows and {restored.files} files.")
        if restored.missing:
            self.stderr.write(
                f"{restored.missing} files were missing when it was made; it has their names in missing.txt."
            )
        self.stdout.write("Start the service, and run make_renditions if IMAGE_USES has changed.")
