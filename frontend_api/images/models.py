"""The table of what is known of image files, whatever the project's image model is."""

from typing import Any

from django.db import connection, models
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

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
    is_in_order = models.BooleanField(default=False)
    """Whether the file is as `files.examine` has it: upright, and nothing but the picture."""
    problem = models.CharField(max_length=32, default="")
    """Why a broken file is never shown, one of the problems in `files`; empty for others."""

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}"


class RetiredFile(models.Model):
    """A file of an image, or of one of its renditions, that was replaced; `retired` says until when it is kept."""

    image_key = models.CharField(max_length=64, db_index=True)
    """The key of the image that it belonged to, as `key_of` gives it."""
    name = models.TextField()
    """The name of the file in its storage."""
    is_rendition = models.BooleanField()
    """Whether it is in the storage of renditions, rather than in that of images."""
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name}, until {self.until}"


def key_of(image: Any) -> str:
    """Return the text under which an image's file is known: its primary key as the database casts it to text."""
    return str(image._meta.pk.get_db_prep_value(image.pk, connection))


def known_file() -> Subquery:
    """Return the kind of an image's file, and after a space its placeholder, for a query of images.

    It is one text, `opaque data:image/webp;base64,…`, so that it is looked up once for each row; `read_known_file`
    takes it apart. It is None for a file that was not examined.
    """
    placeholder = Coalesce("placeholder", Value(""), output_field=models.TextField())
    text = Concat("kind", Value(" "), placeholder, output_field=models.TextField())
    return Subquery(_files_of_images().values_list(text))


def read_known_file(text: str | None) -> tuple[str, str | None]:
    """Return the kind and the placeholder in what `known_file` gives: `("", None)` for a file not examined."""
    kind, _, placeholder = (text or "").partition(" ")
    return kind, placeholder or None


def readable(images: QuerySet[Any]) -> QuerySet[Any]:
    """Return `images` without those whose file is known to be missing or damaged."""
    return images.exclude(Exists(_files_of_images().filter(kind=BROKEN)))


def broken(images: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of `images` whose file is known to be missing or damaged."""
    return images.filter(Exists(_files_of_images().filter(kind=BROKEN)))


def not_in_order(images: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of `images` whose file is not known to be in order."""
    return images.exclude(Exists(_files_of_images().filter(is_in_order=True)))


def _files_of_images() -> QuerySet[ImageFile]:
    """Return the files that images of an outer query have now."""
    return ImageFile.objects.filter(
        image_key=Cast(OuterRef("pk"), models.TextField()), name=OuterRef("file")
    )
