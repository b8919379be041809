"""`manage.py backup FILE`: the database and the media in one archive, of one moment, while others write."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cms.audit.log import record
from cms.audit.models import Kind
from cms.transfer.backups.archive import BackupError
from cms.transfer.backups.writing import write


class Command(BaseCommand):
    """Makes a backup."""

    help = (
        "Writes all content, accounts and media of one moment into one archive, without stopping the service, and "
        "reads it again to its end. Sessions and what waits to be sent are not in it, nor is SECRET_KEY: keep it apart."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where it goes."""
        parser.add_argument("file", type=Path, help="The archive to write, such as site.tar.")
        parser.add_argument("--force", action="store_true", help="Replace the file if it is there.")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        """Write it, and say what is in it."""
        try:
            written = write(file, replaces=force)
        except BackupError as error:
            raise CommandError(str(error)) from error
        record(Kind.BACKUP, about=file.name)
        self.stdout.write(f"{file}: {written.rows} rows and {written.files} files, checked.")
        for name in written.missing[:20]:
            self.stderr.write(f"The file {name} was missing before, and is not in it.")
        if (more := len(written.missing) - 20) > 0:
            self.stderr.write(f"So were {more} more; the archive has their names in missing.txt.")
