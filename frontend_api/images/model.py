"""What the API needs to know of an image without opening its file; an image model inherits it::

    class CmsImage(DeliveredImage, AbstractImage): …

The file is opened once, when it is saved, and what it turned out to be is stored beside it.
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
"""The kind of a file that is missing or cannot be read; nobody is shown it."""

logger = logging.getLogger("frontend_api.image_model")


class DeliveredImage(models.Model):
    """An image that knows what its file is, and has a placeholder that fits into the JSON."""

    # What Wagtail's image has, beside which this stands.
    file: Any
    renditions: Any
    open_file: Any

    file_kind = models.CharField(max_length=16, blank=True, default="", editable=False)
    """One of the kinds of `image_files`, broken, or empty for a file that has not been looked at yet."""
    placeholder = models.TextField(null=True, editable=False)
    """The picture in 16 pixels, as an address that holds it: `data:image/webp;base64,…`; null where it cannot be."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; look at a file that is new, and drop the renditions of the one before it."""
        before = self.file.name
        super().save(*args, **kwargs)
        # Only storing an upload gives a file its place in the storage, and so another name.
        file_is_new = self.file.name != before
        if file_is_new:
            self.renditions.all().delete()
            self.look_at_file()
        image_saved.send(sender=type(self), instance=self, file_is_new=file_is_new)

    def clean_fields(self, exclude: Any = None) -> None:
        """Leave alone a file that is stored, which may not be readable any more: to clean it would be to read it."""
        # Private: whether the file is stored, which nothing else tells of it.
        is_stored = self.file and self.file._committed
        super().clean_fields({*(exclude or ()), "file"} if is_stored else exclude)

    def look_at_file(self) -> bool:
        """Store what the file is and its placeholder; return whether it can be read, and log a warning if not."""
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
        """Open the file, as something that every format can be made of."""
        with self.open_file() as file:
            yield willow.Image.open(BytesIO(encodable(file.read())))

    def generate_rendition_file(self, filter: Any, *, source: Any = None) -> "File[bytes]":
        """Make a rendition; raise what Wagtail takes for a file that is missing, whatever is wrong with this one."""
        try:
            made: File[bytes] = super().generate_rendition_file(filter, source=source)  # type: ignore[misc]
        except (InvalidFilterSpecError, SourceImageIOError, UnknownOutputImageFormatError):
            raise
        except Exception as error:
            raise SourceImageIOError(f"{type(error).__name__}: {error}") from error
        return made

    def get_rendition(self, filter: Any) -> Any:
        """Return a rendition; of a file that cannot be read one without a file, as Wagtail's templates have it.

        Wagtail's choosers rely on one.
        """
        try:
            return super().get_rendition(filter)  # type: ignore[misc]
        except SourceImageIOError:
            missing = self.renditions.model(image=self, width=0, height=0)
            missing.file.name = "not-found"
            return missing
