"""The table of what is known of image files, whatever the project's image model is."""

from typing import Any

from django.db import connection, models
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from .files import BROKEN


class ImageFile(models.Model):
    """What is known of an image's file without opening it.

    It holds for the file of that name only. There is no foreign key, because a project may use any image model, with
    any kind of key, and change to another one.
    """

    image_key = models.CharField(primary_key=True, max_length=64)
    """The image's primary key as text, as `key_of` gives it."""
    name = models.TextField()
    """The name of the file in its storage, such as `original_images/harbour.jpg`."""
    kind = models.CharField(max_length=16)
    """One of the kinds in `files`."""
    placeholder = models.TextField(null=True)
    """The picture at a width of 16 pixels, as a data URL, `data:image/webp;base64,…`; null if there is none."""

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}"


def key_of(image: Any) -> str:
    """Return the text under which an image's file is known: its primary key as the database casts it to text."""
    return str(image._meta.pk.get_db_prep_value(image.pk, connection))


def known_files(images: list[Any]) -> dict[Any, ImageFile]:
    """Return what is known of the files of `images`, by the images' primary keys, with one query."""
    by_key = {key_of(image): image for image in images}
    found = ImageFile.objects.filter(image_key__in=list(by_key)) if by_key else ()
    known = {by_key[file.image_key].pk: (by_key[file.image_key], file) for file in found}
    return {key: file for key, (image, file) in known.items() if file.name == image.file.name}


def readable(images: QuerySet[Any]) -> QuerySet[Any]:
    """Return `images` without those whose file is known to be missing or damaged."""
    broken = ImageFile.objects.filter(
        image_key=Cast(OuterRef("pk"), models.TextField()), name=OuterRef("file"), kind=BROKEN
    )
    return images.exclude(Exists(broken))
