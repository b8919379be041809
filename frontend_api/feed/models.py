"""The tables of the change feed: what changed for readers, what they see now, and how far the feed has come."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicKind(models.TextChoices):
    """What happened, as readers see it: whatever ended, and for whatever reason, is gone."""

    PUBLISHED = "published", _("Published")
    UPDATED = "updated", _("Updated")
    MOVED = "moved", _("Moved")
    GONE = "gone", _("Gone")
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


class PublicChange(models.Model):
    """One change for readers, written in the transaction that makes it.

    {"number": 41, "stamp": 7021, "kind": "moved", "object_type": "insights.InsightPage", "object_id": "14",
     "path": "/insights/new/", "path_before": "/insights/old/", "site_id": 2, "locale": "en",
     "tags": ["page:14", …], "changed_at": "2026-11-24T20:01:02Z"}
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    """1, 2, 3, … without a gap, in the order of the commits. What readers never saw has no number."""
    stamp = models.PositiveBigIntegerField()
    """A random number shared by the changes of one transaction, which tells this feed from one that was restored."""
    kind = models.CharField(max_length=16, choices=PublicKind.choices)
    object_type = models.CharField(max_length=100, blank=True)
    """The type of a page, an image or a document, such as `insights.InsightPage`; empty for what has no address."""
    object_id = models.CharField(max_length=64, blank=True)
    path = models.TextField(blank=True)
    """The path of a page on its frontend; empty for what is no page, and for a page that is gone."""
    path_before = models.TextField(blank=True)
    """The path that a page had, if it has another now, or is gone."""
    site_id = models.PositiveBigIntegerField(null=True)
    """The site whose readers see it, or null for all sites. No foreign key, because the feed outlives the site."""
    locale = models.CharField(max_length=100, blank=True)
    tags = models.JSONField(default=list)
    """What the change makes old, for this service alone; others get `surrogate_keys.of_change` of it."""
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} {self.object_type} {self.object_id}".rstrip()


class PublicObject(models.Model):
    """Something that can be hidden and that readers see now: a page of a site, an image, a document, or a snippet."""

    object_type = models.CharField(max_length=100)
    """`page` for every page, and otherwise the label of the model."""
    object_id = models.CharField(max_length=64)
    site_id = models.PositiveBigIntegerField(default=0)
    """The site of a page, or 0 for what all sites share."""
    shown_type = models.CharField(max_length=100, blank=True)
    path = models.TextField(blank=True)
    locale = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "site_id"], name="one_public_object"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}"


class PublicState(models.Model):
    """The single row that hands out the numbers of the feed, and says when the clock alone changes something."""

    ONLY: ClassVar = 1

    number = models.PositiveBigIntegerField(default=0)
    """The number of the last change."""
    stamp = models.PositiveBigIntegerField(default=0)
    """The stamp of the last change."""
    followed_at = models.DateTimeField()
    """Until when everything that the clock changes is in the feed."""
    day = models.DateField()
    """The date of that moment."""
    next_moment = models.DateTimeField()
    """When the clock may change something next: something expires, or a day begins."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_public_state")
        ]

    def __str__(self) -> str:
        return f"number {self.number}"
