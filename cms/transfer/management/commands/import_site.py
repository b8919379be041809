"""`manage.py import_site FILE`: brings a site of another environment in, or says what that would change."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cms.transfer.backups.archive import BackupError
from cms.transfer.sites.importing import import_site
from cms.transfer.sites.named import site_named


class Command(BaseCommand):
    """Imports a site."""

    help = (
        "Makes and updates what is in an archive of export_site, in one transaction. What is here and not in the "
        "archive stays. Run again, it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to bring in, and as which site."""
        parser.add_argument("file", type=Path, help="The archive that `export_site` wrote.")
        parser.add_argument(
            "--site", default="", help="hostname or hostname:port; else the same as there."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say what would change.")

    def handle(self, *args: Any, file: Path, site: str, dry_run: bool, **options: Any) -> None:
        """Bring it in, and say what has changed."""
        try:
            imported = import_site(file, site_named(site) if site else None, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except BackupError as error:
            raise CommandError(str(error)) from error
        for sign, names in (("+", imported.created), ("~", imported.updated)):
            for name in names:
                self.stdout.write(f"{sign} {name}")
        for note in imported.notes:
            self.stderr.write(note)
        would = "Would make" if dry_run else "Made"
        made, changed = len(imported.created), len(imported.updated)
        self.stdout.write(
            f"{would} {made}, change {changed}, and leave {imported.unchanged} as they are."
        )
