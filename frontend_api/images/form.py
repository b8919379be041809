"""The form with which editors upload images: a file that cannot be read is a form error rather than a crash.

Set `WAGTAILIMAGES_IMAGE_FORM_BASE = "frontend_api.images.form.ReadableImageForm"` to use it.
"""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from .files import read_to_end

logger = logging.getLogger("frontend_api.image_form")


class ReadableImageField(WagtailImageField):
    """A field for an image that can be read to the end; Wagtail's own field reads only the image's size."""

    def to_python(self, data: Any) -> Any:
        """Return the file; raises ValidationError, with the code `unreadable` if the file cannot be read to the end."""
        try:
            file = super().to_python(data)
            if file is not None:
                read_to_end(file.read())
                file.seek(0)
        except ValidationError:
            raise
        except Exception as error:
            # Either Wagtail's field failed to read the size, or `read_to_end` failed after it.
            logger.info("The upload %s cannot be read: %s", getattr(data, "name", ""), error)
            raise ValidationError(
                _(
                    "This file is damaged: it cannot be read to its end. Open the picture in another program and save "
                    "it anew, or fetch it again from where it came from."
                ),
                code="unreadable",
            ) from error
        return file


class ReadableImageForm(BaseImageForm):
    """Wagtail's image form, with a file field that reads the file to the end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Replace Wagtail's file field, because its form has no option to choose another."""
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            own = self.fields["file"]
            self.fields["file"] = ReadableImageField(
                label=own.label, required=own.required, widget=own.widget
            )

    def clean(self) -> dict[str, Any]:
        """Leave out a file that has not changed, because it may no longer be readable."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" not in self.changed_data:
            cleaned.pop("file", None)
        return cleaned
