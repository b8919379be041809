"""What the API needs to know of an image without opening its file; an image model inherits it::

    class CmsImage(DeliveredImage, AbstractImage): …

The file is opened once, when it is saved, and what it turned out to be is stored beside it.
"""

import base64
import logging
from io import BytesIO
from typing import Any

import willow
from django.db import models, transaction
from PIL import Image, ImageOps

OPAQUE = "opaque"
"""A picture whose last resort is JPEG."""
TRANSPARENT = "transparent"
"""A picture that one can see through somewhere, whose last resort is PNG."""
AS_IT_IS = "as_it_is"
"""A drawing (SVG) or an animation, which is shown as it is, because a rendition would lose what it is for."""
BROKEN = "broken"
"""A file that is missing or cannot be read; nobody is shown it."""

# What libraries raise for a file that is missing, is no picture, or ends too early.
UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
PLACEHOLDER_WIDTH = 16
PLACEHOLDER_QUALITY = 40

logger = logging.getLogger(__name__)


class DeliveredImage(models.Model):
    """An image that knows what its file is, and has a placeholder that fits into the JSON."""

    # What Wagtail's image has, beside which this stands.
    file: Any
    renditions: Any
    open_file: Any

    file_kind = models.CharField(max_length=16, blank=True, default="", editable=False)
    """One of the kinds above, or empty for a file that has not been looked at yet."""
    placeholder = models.TextField(null=True, editable=False)
    """The picture in 16 pixels, as an address that holds it: `data:image/webp;base64,…`; null where it cannot be."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; look at a file that is new, and drop the renditions of the one before it."""
        # What makes renditions represents objects, and so needs all models to be there.
        from .rendition_tasks import image_changed

        before = self.file.name
        super().save(*args, **kwargs)
        # Only storing an upload gives a file its place in the storage, and so another name.
        file_is_new = self.file.name != before
        if file_is_new:
            self.renditions.all().delete()
            self.look_at_file()
        transaction.on_commit(lambda: image_changed.enqueue(self.pk, file_is_new))

    def look_at_file(self) -> bool:
        """Store what the file is and its placeholder; return whether it can be read, and log a warning if not."""
        from .changes.capture import touched
        from .changes.recording import recording

        try:
            with self.open_file() as file:
                self.file_kind, self.placeholder = examine(file)
        except UNREADABLE as error:
            logger.warning("Image %s (%s) cannot be read: %s", self.pk, self.file.name, error)
            self.file_kind, self.placeholder = BROKEN, None
        with recording():
            type(self)._base_manager.filter(pk=self.pk).update(
                file_kind=self.file_kind, placeholder=self.placeholder
            )
            touched([self])
        return self.file_kind != BROKEN


def examine(file: Any) -> tuple[str, str | None]:
    """Return the kind of an open file and its placeholder; raises one of `UNREADABLE` for one that is broken."""
    opened = willow.Image.open(file)
    if opened.format_name == "svg":
        return AS_IT_IS, None
    picture: Image.Image = opened.get_pillow_image()
    # Willow knows of no animation that Pillow reads; Pillow does.
    moves = getattr(picture, "is_animated", False)
    picture = ImageOps.exif_transpose(picture)
    see_through = "A" in picture.getbands() or "transparency" in picture.info
    picture = picture.convert("RGBA" if see_through else "RGB")
    if moves:
        return AS_IT_IS, _placeholder(picture)
    lowest: Any = picture.getchannel("A").getextrema()[0] if see_through else 255
    return (TRANSPARENT if lowest < 255 else OPAQUE), _placeholder(picture)


def _placeholder(picture: Image.Image) -> str:
    height = max(1, round(picture.height * PLACEHOLDER_WIDTH / picture.width))
    # The strip of a very long picture is as good a placeholder, and stays small.
    small = picture.resize((PLACEHOLDER_WIDTH, min(height, 4 * PLACEHOLDER_WIDTH)))
    buffer = BytesIO()
    small.save(buffer, "WEBP", quality=PLACEHOLDER_QUALITY, method=6)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
