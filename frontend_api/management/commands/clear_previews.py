"""`manage.py clear_previews`: deletes drafts that no preview shows any more, and share links that ended long ago."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from frontend_api.previews import typed_drafts
from frontend_api.previews.sharing.models import SharedDraft

# How long the report keeps a link after it has ended.
KEPT = datetime.timedelta(days=90)


class Command(BaseCommand):
    """Deletes what previews and links leave behind, but nothing that can still be opened."""

    help = (
        "Deletes the stored drafts of previews older than PREVIEW_MAX_AGE, and links to drafts that ended "
        f"more than {KEPT.days} days ago."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete both, and print how many there were."""
        drafts = typed_drafts.clear()
        links, _ = SharedDraft.objects.ended_before(timezone.now() - KEPT).delete()
        self.stdout.write(f"Deleted the drafts of {drafts} previews, and {links} links to drafts.")
