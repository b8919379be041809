"""`manage.py clear_previews`: deletes drafts that no preview shows any more, old share links, and replaced files."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from frontend_api.images import retired
from frontend_api.previews import typed_drafts
from frontend_api.previews.sharing.models import SharedDraft

# How long the report keeps a link after it has ended.
KEPT = datetime.timedelta(days=90)


class Command(BaseCommand):
    """Deletes what previews, links and replaced images leave behind, but nothing that can still be opened."""

    help = (
        "Deletes the stored drafts of previews older than PREVIEW_MAX_AGE, links to drafts that ended more than "
        f"{KEPT.days} days ago, and files of replaced images that no cache can name any more."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete them, and print how many there were."""
        drafts = typed_drafts.clear()
        links, _ = SharedDraft.objects.ended_before(timezone.now() - KEPT).delete()
        files = retired.clear()
        self.stdout.write(f"Deleted the drafts of {drafts} previews, and {links} links to drafts.")
        if files:
            self.stdout.write(f"Deleted {files} replaced {'file' if files == 1 else 'files'}.")
