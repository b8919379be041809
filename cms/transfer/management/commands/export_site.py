"""`manage.py export_site FILE`: one site with all that it shows, for another environment."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cms.audit.log import record
from cms.audit.models import Kind
from cms.transfer.backups.archive import BackupError
from cms.transfer.sites.exporting import export_site
from cms.transfer.sites.named import site_named


class Command(BaseCommand):
    """Exports a site."""

    help = (
        "Writes the pages of a site, and the snippets, images, documents, redirects and settings that go with them, "
        "into an archive for import_site. Accounts and history are not in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which site, and where it goes."""
        parser.add_argument("file", type=Path, help="The archive to write, such as site.tar.")
        parser.add_argument(
            "--site", default="", help="hostname or hostname:port; else the default site."
        )
        parser.add_argument("--drafts", action="store_true", help="What is not published, too.")
        parser.add_argument("--force", action="store_true", help="Replace the file if it is there.")

    def handle(
        self, *args: Any, file: Path, site: str, drafts: bool, force: bool, **options: Any
    ) -> None:
        """Write it, and say what is in it."""
        try:
            exported = export_site(file, site_named(site), drafts=drafts, replaces=force)
        except BackupError as error:
            raise CommandError(str(error)) from error
        record(Kind.EXPORTED, about=file.name)
        self.stdout.write(f"{file}: {exported.objects} objects and {exported.files} files.")
        for note in exported.notes:
            self.stderr.write(note)
