"""The base of an image model, which stores what the API needs to know of an image without opening its file::

    class CmsImage(DeliveredImage, AbstractImage): …

The file is opened once, when it is saved, and what is found out about it is stored in the model's fields.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import willow
from django.core.files import File
from django.db import models
from wagtail.images.exceptions import InvalidFilterSpecError, UnknownOutputImageFormatError
from wagtail.images.models import SourceImageIOError

from frontend_api.changes.transaction import transaction

from .files import UnreadableFileError, encodable, examine
from .signals import file_examined, image_saved

BROKEN = "broken"
"""The kind of a file that is missing or cannot be read; it is never shown."""

logger = logging.getLogger("frontend_api.image_model")


class DeliveredImage(models.Model):
    """An image that stores the kind of its file, and a placeholder small enough for the JSON."""

    # Inherited from Wagtail's `AbstractImage`.
    file: Any
    renditions: Any
    open_file: Any

    file_kind = models.CharField(max_length=16, blank=True, default="", editable=False)
    """One of the kinds in `files`, `BROKEN`, or empty for a file that has not been examined yet."""
    placeholder = models.TextField(null=True, editable=False)
    """The picture at a width of 16 pixels, as a data URL, `data:image/webp;base64,…`; null if there is none."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the image; if its file is new, delete the renditions of the old file and examine the new one."""
        before = self.file.name
        super().save(*args, **kwargs)
        # A file's name changes only when an upload is stored.
        file_is_new = self.file.name != before
        if file_is_new:
            self.renditions.all().delete()
            self.look_at_file()
        image_saved.send(sender=type(self), instance=self, file_is_new=file_is_new)

    def clean_fields(self, exclude: Any = None) -> None:
        """Skip a stored file: cleaning would read it, and it may no longer be readable."""
        # `_committed` is private, but nothing else says whether the file is stored.
        is_stored = self.file and self.file._committed
        super().clean_fields({*(exclude or ()), "file"} if is_stored else exclude)

    def look_at_file(self) -> bool:
        """Store the file's kind and placeholder; return whether it can be read, and log a warning if not."""
        try:
            with self.open_file() as file:
                self.file_kind, self.placeholder = examine(file.read())
        except (SourceImageIOError, UnreadableFileError) as error:
            logger.warning("Image %s (%s) cannot be read: %s", self.pk, self.file.name, error)
            self.file_kind, self.placeholder = BROKEN, None
        with transaction():
            type(self)._base_manager.filter(pk=self.pk).update(
                file_kind=self.file_kind, placeholder=self.placeholder
            )
            file_examined.send(sender=type(self), instance=self)
        return self.file_kind != BROKEN

    @contextmanager
    def get_willow_image(self) -> Iterator[willow.Image]:
        """Open the file as an image that can be encoded in every format."""
        with self.open_file() as file:
            yield willow.Image.open(BytesIO(encodable(file.read())))

    def generate_rendition_file(self, filter: Any, *, source: Any = None) -> "File[bytes]":
        """Return the file of a new rendition.

        Raises `SourceImageIOError`, which Wagtail handles as a missing file, whatever is wrong with the original.
        """
        try:
            made: File[bytes] = super().generate_rendition_file(filter, source=source)  # type: ignore[misc]
        except (InvalidFilterSpecError, SourceImageIOError, UnknownOutputImageFormatError):
            raise
        except Exception as error:
            raise SourceImageIOError(f"{type(error).__name__}: {error}") from error
        return made

    def get_rendition(self, filter: Any) -> Any:
        """Return a rendition; if the file cannot be read, return a "not-found" one, as Wagtail's template tags do.

        Wagtail's choosers rely on getting one.
        """
        try:
            return super().get_rendition(filter)  # type: ignore[misc]
        except SourceImageIOError:
            missing = self.renditions.model(image=self, width=0, height=0)
            missing.file.name = "not-found"
            return missing
