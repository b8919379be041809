"""Examines the file of an image once, when it is saved, and stores what it finds in a table of its own."""

import logging
from typing import Any

from wagtail.images.models import SourceImageIOError

from frontend_api.changes.transaction import transaction

from . import apart
from .files import BROKEN, MISSING, Examined, UnreadableFileError
from .models import ImageFile, key_of

# Its name is older than the module's, and operators filter by it.
logger = logging.getLogger("frontend_api.image_model")


def examine_image(image: Any) -> ImageFile:
    """Return what an image's file is, after storing it; a file that cannot be read is `BROKEN`, and a warning."""
    try:
        with image.open_file() as file:
            content = file.read()
        examined = apart.examined(content)
    except (SourceImageIOError, UnreadableFileError) as error:
        return record_problem(image, error)
    return record(image, examined, is_in_order=examined.content == content)


def record_problem(image: Any, error: Exception) -> ImageFile:
    """Store why an image's file is never shown, and warn of it."""
    logger.warning("Image %s (%s) cannot be read: %s", image.pk, image.file.name, error)
    problem = getattr(error, "problem", MISSING)
    return _store(image, kind=BROKEN, placeholder=None, is_in_order=False, problem=problem)


def record(image: Any, examined: Examined, *, is_in_order: bool = True) -> ImageFile:
    """Store what is known of an image's file."""
    kind, placeholder = examined.kind, examined.placeholder
    return _store(image, kind=kind, placeholder=placeholder, is_in_order=is_in_order, problem="")


def _store(image: Any, **found: Any) -> ImageFile:
    with transaction():
        examined, _ = ImageFile.objects.update_or_create(
            image_key=key_of(image), defaults={"name": image.file.name, **found}
        )
    return examined


def is_examined(image: Any) -> bool:
    """Return whether the file that an image has now has been examined, and is in order or cannot be read."""
    known = ImageFile.objects.filter(image_key=key_of(image), name=image.file.name)
    return known.exclude(is_in_order=False, problem="").exists()
