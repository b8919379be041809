"""The name by which an object without a key of its own is known in every environment."""

import uuid
from typing import ClassVar

from django.db import models


class Identity(models.Model):
    """The UUID of an object, such as an image, which has another primary key in each environment.

    It is given when the object is first exported, and is in backups: a copy of what was exported before knows it by the
    same one.
    """

    model = models.CharField(max_length=100)
    """The label of the model that has the primary key, such as `cms.CmsImage`."""
    key = models.CharField(max_length=64)
    uuid = models.UUIDField(default=uuid.uuid4)

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "key"], name="one_identity_of_an_object"),
            models.UniqueConstraint(fields=["model", "uuid"], name="one_object_of_an_identity"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.key}: {self.uuid}"
