"""The forms by which documents and images are uploaded; they say that what is uploaded is public from then on.

What is uploaded to a bucket is stored as soon as nothing is wrong with it, before the transaction that writes its row.

A file is no draft: it belongs to no page, may be shown by several, and has its address as soon as it is stored. What
must not be read yet goes into a private collection, and that is said where files are chosen: in the form, in the dialog
of a chooser, and where several are uploaded at once.
"""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm

from cms.storing_ahead import StoresAhead, delete_once_committed
from frontend_api.images.form import ReadableImageForm

PUBLIC_AT_ONCE = _(
    "The file is public as soon as it is uploaded, also while the page that it is for is a draft. "
    "Put what must not be read yet into a private collection."
)


class SaysThatItIsPublic:
    """Adds the sentence to the help of the field for a new file."""

    fields: dict[str, Any]
    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields.get("file")
        if file is not None:
            has_help = bool(file.help_text)
            file.help_text = (
                format_lazy("{} {}", PUBLIC_AT_ONCE, file.help_text) if has_help else PUBLIC_AT_ONCE
            )


class DocumentForm(SaysThatItIsPublic, StoresAhead, BaseDocumentForm):
    """The form of a document."""

    original_file: Any

    def save(self, commit: bool = True) -> Any:
        """Save the document; its old file is there until that is committed."""
        if commit and self.original_file and "file" in self.changed_data:
            # Wagtail would delete it at once, also where the transaction is rolled back later.
            delete_once_committed(self.original_file)
            self.original_file = None
        return super().save(commit=commit)


class ImageForm(SaysThatItIsPublic, StoresAhead, ReadableImageForm):
    """The form of an image, which has to be readable, too."""
