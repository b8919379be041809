"""Stores the files of images upright, in common colours and without metadata, however they come: by a form or by code.

So the size of an image, its focal box and its crops are those of the picture that people see, in Wagtail's own admin
too; and where a photograph was taken, and by whom, is in no file that anybody can fetch.
"""

import hashlib
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.transaction import on_commit
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError

from frontend_api.changes.transaction import transaction

from . import apart
from .files import Examined, UnreadableFileError
from .models import not_in_order

Size = tuple[int, int]

_BOX = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")
_WRITTEN = ("file", "width", "height", "file_size", "file_hash", *_BOX)


class ExaminedFile(SimpleUploadedFile):
    """A file that was examined already, as it has to be stored."""

    image: Any
    """What a form's field says of it: the picture as Wagtail's library opens it."""

    def __init__(self, name: str, examined: Examined) -> None:
        """Name it by what it is now: `IMG_1.HEIC` becomes `IMG_1.jpg`."""
        suffixes = {f".{examined.extension}", ".jpeg" if examined.extension == "jpg" else ""}
        path = PurePosixPath(name)
        if path.suffix.lower() not in suffixes:
            path = path.with_name(f"{path.stem}.{examined.extension}")
        super().__init__(path.name, examined.content)
        self.examined = examined


def is_stored(image: Any) -> bool:
    """Return whether an image's file is in its storage already."""
    # `_committed` is private, but nothing else says so.
    return bool(image.file) and bool(image.file._committed)


def name_before(image: Any) -> str:
    """Return the name of the file that an image has in the database, or nothing."""
    return str(_before(image).get("file", ""))


def put_in_order(image: Any) -> Examined | None:
    """Replace the file that an image is about to be saved with, if it is not in order, and return what it is.

    The focal box stays where it is in the picture. A file that cannot be read is left as it is, and None.
    """
    before = _before(image)
    chosen = None if is_stored(image) else getattr(image.file, "file", None)
    if isinstance(chosen, ExaminedFile):
        _keep_box(image, before, (image.width, image.height))
        return chosen.examined
    try:
        with image.open_file() as file:
            content = file.read()
            file.seek(0)
        examined = apart.examined(content)
    except (SourceImageIOError, UnreadableFileError, OSError, ValueError):
        return None
    given = image.width, image.height
    if examined.content != content:
        _replace(image, examined, before)
    elif is_stored(image):
        # The file may be in order, and what the database says of its size not.
        type(image)._meta.get_field("file").update_dimension_fields(image, force=True)
    _keep_box(image, before, given)
    return examined


def _before(image: Any) -> dict[str, Any]:
    """Return the image's row, as it is stored; it is empty for a new one."""
    rows = type(image)._base_manager.filter(pk=image.pk) if image.pk is not None else None
    row = rows.values("file", "width", "height", *_BOX).first() if rows is not None else None
    return row or {}


def _replace(image: Any, examined: Examined, before: dict[str, Any]) -> None:
    was_stored, storage, name = is_stored(image), image.file.storage, image.file.name
    image.file = ExaminedFile(PurePosixPath(name).name, examined)
    image.file_size = len(examined.content)
    image.file_hash = hashlib.sha1(examined.content, usedforsecurity=False).hexdigest()
    if was_stored and before.get("file") != name:
        # It was put there a moment ago, and nobody knows its address.
        on_commit(lambda: storage.delete(name))


def _keep_box(image: Any, before: dict[str, Any], given: Size) -> None:
    """Keep the focal box where it is in the picture, now that this has another size.

    A box that was there before was drawn in the size that the image had then, one that comes with a file in the size
    `given`, which Wagtail read from that file.
    """
    box = tuple(getattr(image, name) for name in _BOX)
    if None in box:
        return
    is_old = before and box == tuple(before[name] for name in _BOX)
    drawn_in = (before["width"], before["height"]) if is_old else given
    if 0 in drawn_in or drawn_in == (image.width, image.height):
        return
    for place, name in enumerate(_BOX):
        now = (image.width, image.height)[place % 2]
        setattr(image, name, round(box[place] * now / drawn_in[place % 2]))


def put_stored_in_order() -> int:
    """Put the files of all images in order that are not known to be, and return how many were replaced."""
    images = get_image_model()._default_manager
    count = 0
    for key in list(not_in_order(images.all()).values_list("pk", flat=True)):
        image = images.filter(pk=key).first()
        if image is not None:
            name = image.file.name
            with transaction():
                image.save(update_fields=_WRITTEN)
            count += name != image.file.name
    return count
