"""`manage.py prune_audit`: deletes what the audit log has kept for long enough."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.utils import timezone

from cms.audit.models import AuditEntry


class Command(BaseCommand):
    """Deletes entries that are older than `AUDIT_DAYS`."""

    help = "Deletes entries of the audit log that are older than AUDIT_DAYS; a worker does so every day."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete them, and print how many there were."""
        oldest = timezone.now() - timedelta(days=settings.AUDIT_DAYS)
        deleted = AuditEntry.objects.filter(at__lt=oldest).delete()[0]
        self.stdout.write(f"Deleted {deleted} {'entry' if deleted == 1 else 'entries'}.")
