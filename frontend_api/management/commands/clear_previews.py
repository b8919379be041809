"""`manage.py clear_previews`: deletes drafts that no preview shows any more, and links that ended long ago."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from frontend_api.previews import typed_drafts
from frontend_api.previews.sharing.models import SharedDraft

# So long does the report still tell of a link that has ended.
KEPT = datetime.timedelta(days=90)


class Command(BaseCommand):
    """Deletes what previews leave behind; what can still be opened is never touched."""

    help = (
        "Deletes the stored drafts of previews older than PREVIEW_MAX_AGE, and links to drafts that ended "
        f"more than {KEPT.days} days ago."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete both, and say how much it was."""
        drafts = typed_drafts.clear()
        links, _ = SharedDraft.objects.ended_before(timezone.now() - KEPT).delete()
        self.stdout.write(f"Deleted the drafts of {drafts} previews, and {links} links to drafts.")
