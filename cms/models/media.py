"""Images and documents; models of our own from the start, because they cannot be swapped later."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, ClassVar

import willow
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.exceptions import InvalidFilterSpecError, UnknownOutputImageFormatError
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    Image,
    SourceImageIOError,
)
from wagtail.search import index

from cms.storing_ahead import is_far
from frontend_api.changes.pausing import is_waited_for
from frontend_api.images.files import encodable
from frontend_api.images.problems import problem_of

# What the admin's lists show beside the title; readers search neither.
IN_LISTINGS = [
    index.AutocompleteField("filename"),
    index.RelatedFields("collection", [index.AutocompleteField("name")]),
]


class CmsImage(AbstractImage):
    """An image; its description is the alternative text wherever a place gives none of its own.

    A file that has gone or is damaged never stops the admin.
    """

    description = models.CharField(
        _("alternative text"),
        max_length=255,
        blank=True,
        default="",
        help_text=_(
            "What the image shows, for people who cannot see it; a page can give a text of its own."
        ),
    )

    admin_form_fields = Image.admin_form_fields
    search_fields: ClassVar = [*AbstractImage.search_fields, *IN_LISTINGS]

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def problem(self) -> str:
        """Why readers never see the image, for editors; nothing if they do."""
        return problem_of(self)

    def clean_fields(self, exclude: Any = None) -> None:
        """Skip a stored file: cleaning would read it, and it may no longer be readable."""
        # `_committed` is private, but nothing else says whether the file is stored.
        is_stored = self.file and self.file._committed
        super().clean_fields({*(exclude or ()), "file"} if is_stored else exclude)

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
            # Wagtail would leave its temporary file to the garbage collector.
            with super().generate_rendition_file(filter, source=source) as made:
                made.seek(0)
                return ContentFile(made.read(), name=made.name)
        except (InvalidFilterSpecError, SourceImageIOError, UnknownOutputImageFormatError):
            raise
        except Exception as error:
            raise SourceImageIOError(f"{type(error).__name__}: {error}") from error

    def get_rendition(self, filter: Any) -> Any:
        """Return a rendition; if the file cannot be read, return a "not-found" one, as Wagtail's template tags do.

        Wagtail's choosers rely on getting one. Where others wait for a bucket meanwhile, the original stands in for one
        that is not made yet.
        """
        try:
            if is_far(self.file.storage) and is_waited_for():
                return self._known_rendition(filter)
            return super().get_rendition(filter)
        except SourceImageIOError:
            missing = self.renditions.model(image=self, width=0, height=0)
            missing.file.name = "not-found"
            return missing

    def _known_rendition(self, filter: Any) -> Any:
        wanted = self.clean_filter_for_svg(Filter(filter) if isinstance(filter, str) else filter)
        found = self.find_existing_renditions(wanted).get(wanted)
        return found or self.renditions.model(
            image=self, file=self.file.name, width=self.width, height=self.height
        )


class CmsRendition(AbstractRendition):
    """An image at one size."""

    image = models.ForeignKey(CmsImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class CmsDocument(AbstractDocument):
    """A file that readers download."""

    admin_form_fields = Document.admin_form_fields
    search_fields: ClassVar = [*AbstractDocument.search_fields, *IN_LISTINGS]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
