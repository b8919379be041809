"""The tables of the change log."""

import uuid
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What happened in a change."""

    PUBLISHED = "published", _("Published")
    UPDATED = "updated", _("Updated")
    UNPUBLISHED = "unpublished", _("Unpublished")
    MOVED = "moved", _("Moved")
    DELETED = "deleted", _("Deleted")
    RESTRICTED = "restricted", _("Made private")
    UNRESTRICTED = "unrestricted", _("Made public")
    IMAGE = "image", _("Image changed")
    DOCUMENT = "document", _("Document changed")
    SNIPPET = "snippet", _("Snippet changed")
    SETTING = "setting", _("Setting changed")
    REDIRECT = "redirect", _("Redirect changed")
    COLLECTION = "collection", _("Collection changed")
    SITE = "site", _("Site changed")
    LOCALE = "locale", _("Locale changed")
    SEARCH = "search", _("Search index changed")
    OTHER = "other", _("Something else changed")
    BUMPED = "bumped", _("Everything may have changed")


class Change(models.Model):
    """One change to what the public can see.

    {"version": 812, "kind": "updated", "object_type": "insights.insightpage", "object_id": "14",
     "path_before": "/home/insights/old/", "path_after": "/home/insights/new/", "site_id": 2, "locale": "en",
     "tags": ["page:14", "below:00010002000300AB", "insights_insightpage", "insights_insightpage.slug", …],
     "made_at": "2026-11-24T20:01:02Z", "made_by": "mira"}
    """

    version = models.PositiveBigIntegerField(primary_key=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    object_type = models.CharField(max_length=100, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    path_before = models.TextField(blank=True)
    """The `url_path` of a page before the change; empty for a new page and for objects that are not pages."""
    path_after = models.TextField(blank=True)
    site_id = models.PositiveBigIntegerField(null=True)
    """The id of a site. No foreign key, because the log outlives the site."""
    locale = models.CharField(max_length=100, blank=True)
    tags = models.JSONField(default=list)
    """What the change invalidates; see `tags`."""
    stamp = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    """A random number shared by the changes of one transaction, which tells this log from others; see `versions`."""
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=255, blank=True)
    """The username; empty for a management command."""

    class Meta:
        ordering: ClassVar = ["version"]

    def __str__(self) -> str:
        return f"{self.version}: {self.kind} {self.object_type} {self.object_id}".rstrip()


class ChangeLog(models.Model):
    """The single row that hands out versions; its lock keeps them in the order of the commits."""

    ONLY: ClassVar = 1

    version = models.PositiveBigIntegerField(default=0, validators=[MinValueValidator(0)])
    """The version of the last change."""
    stamp = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    """The stamp of the last change."""
    epoch = models.CharField(max_length=32)
    """Replaced when nothing cached before can be trusted any more, such as after a backup is restored."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_change_log")
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class UnindexedObject(models.Model):
    """An object whose entry in the search index is out of date.

    The row is written in the transaction that changes the object, and deleted in the one that writes the entry.
    """

    model = models.CharField(max_length=201)
    """The lower-case label of its model, such as `insights.insightpage`."""
    object_id = models.CharField(max_length=255)

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


def new_epoch() -> str:
    """Return an epoch that was never used before."""
    return uuid.uuid4().hex
