"""The models of purging: how far each cache in front was purged, and the addresses that it may hold."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class PurgeTarget(models.Model):
    """A cache in the setting `WAGTAILFRONTENDCACHE`, and how far it was purged.

    {"name": "cloudflare", "purged": 812, "settled": 809, "seen": [[812, "2026-11-24T20:00:50.1+00:00"]],
     "names": [["b0T5ufDHzF", null]],
     "attempts": 2, "failing_since": "2026-11-24T20:01:02Z", "next_attempt_at": "2026-11-24T20:01:32Z",
     "last_error": "PurgeFailed: 503 Service Unavailable"}
    """

    name = models.CharField(max_length=255, unique=True)
    purged = models.PositiveBigIntegerField(null=True)
    """The last version that it was purged of; null if it never was, so that it may hold anything."""
    settled = models.PositiveBigIntegerField(null=True)
    """The last version that it was purged of a second time, once all older responses had arrived; see `cdn.pending`."""
    seen = models.JSONField(default=list)
    """The versions since `settled`, each with a time at which it was the newest committed one."""
    names = models.JSONField(default=list, db_default=[])
    """The names that everything has had, the newest last; see `cdn.pending`. Each has the time at which it was first
    purged, and null once it was purged again, when what was named otherwise had arrived."""
    attempts = models.PositiveIntegerField(default=0)
    """The number of failed attempts since the last success."""
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
    """An address whose response a cache in front may hold; only needed for caches that are purged by address."""

    key = models.CharField(max_length=40, primary_key=True)
    """A digest of the address, which may be too long for an index."""
    address = models.TextField()
    tags = models.JSONField(default=list)
    """What the response depends on; see `changes.tags`."""
    until = models.DateTimeField(db_index=True)
    """From then on no cache holds the response."""

    def __str__(self) -> str:
        return self.address
