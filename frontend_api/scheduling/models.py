"""The table of what was due and could not be done."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Act(models.TextChoices):
    """What happens at a time."""

    PUBLISH = "publish", _("Goes live")
    EXPIRE = "expire", _("Ends")


class ScheduleFailure(models.Model):
    """Something that was due and could not be done; it is deleted once it is done, or is due no more."""

    act = models.CharField(max_length=10, choices=Act.choices)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    """The type by which Wagtail names the base of the object, such as that of all pages."""
    object_id = models.CharField(max_length=255)
    due_at = models.DateTimeField()
    first_failed_at = models.DateTimeField()
    failed_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField()
    """The last line of what went wrong."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "content_type", "object_id"], name="frontend_api_one_failure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.content_type_id}:{self.object_id}"

    @property
    def key(self) -> tuple[str, Any, str]:
        """What it is about, as `Due.key`."""
        return self.act, self.content_type_id, self.object_id
