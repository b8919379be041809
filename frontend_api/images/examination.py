"""Examines the file of an image once, when it is saved, and stores what it finds in a table of its own."""

import logging
from typing import Any

from wagtail.images.models import SourceImageIOError

from frontend_api.changes.transaction import transaction

from .files import BROKEN, UnreadableFileError, examine
from .models import ImageFile, key_of

# Its name is older than the module's, and operators filter by it.
logger = logging.getLogger("frontend_api.image_model")


def examine_image(image: Any) -> ImageFile:
    """Return what an image's file is, after storing it; a file that cannot be read is `BROKEN`, and a warning."""
    kind, placeholder = BROKEN, None
    try:
        with image.open_file() as file:
            kind, placeholder = examine(file.read())
    except (SourceImageIOError, UnreadableFileError) as error:
        logger.warning("Image %s (%s) cannot be read: %s", image.pk, image.file.name, error)
    with transaction():
        examined, _ = ImageFile.objects.update_or_create(
            image_key=key_of(image),
            defaults={"name": image.file.name, "kind": kind, "placeholder": placeholder},
        )
    return examined


def is_examined(image: Any) -> bool:
    """Return whether the file that an image has now has been examined."""
    return ImageFile.objects.filter(image_key=key_of(image), name=image.file.name).exists()
