"""The tables of purging: how far each cache in front is, and what it may hold where it knows no tags."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class PurgeTarget(models.Model):
    """A cache of the setting `WAGTAILFRONTENDCACHE`, and how far it was purged.

    {"name": "cloudflare", "purged": 812, "settled": 809, "seen": [[812, "2026-11-24T20:00:50.1+00:00"]],
     "attempts": 2, "failing_since": "2026-11-24T20:01:02Z", "next_attempt_at": "2026-11-24T20:01:32Z",
     "last_error": "PurgeFailed: 503 Service Unavailable"}
    """

    name = models.CharField(max_length=255, unique=True)
    purged = models.PositiveBigIntegerField(null=True)
    """The last version that it was purged of; null where it never was, and may hold anything."""
    settled = models.PositiveBigIntegerField(null=True)
    """The last version that it was purged of when every response from before the change had arrived; see `owed`."""
    seen = models.JSONField(default=list)
    """The versions since, each with a moment at which it was the newest one that had been committed."""
    attempts = models.PositiveIntegerField(default=0)
    """How many attempts have failed since one succeeded."""
    failing_since = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled__lte=models.F("purged")) | Q(purged=None, settled=None),
                name="purged_before_settled",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CachedAddress(models.Model):
    """An address whose response a cache in front may hold; only such as are purged by address need it."""

    key = models.CharField(max_length=40, primary_key=True)
    """A digest of the address, which may be longer than an index takes."""
    address = models.TextField()
    tags = models.JSONField(default=list)
    """What the response was made of; see `changes.tags`."""
    until = models.DateTimeField(db_index=True)
    """When no cache holds it any more."""

    def __str__(self) -> str:
        return self.address
