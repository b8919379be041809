"""The form by which editors upload images: a file that cannot be read is an error of the form, and nothing else.

It is the setting `WAGTAILIMAGES_IMAGE_FORM_BASE = "frontend_api.images.form.ReadableImageForm"`.
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
    """An image that can be read to its end; Wagtail's own field reads no more of it than its size."""

    def to_python(self, data: Any) -> Any:
        """Return the file, or raise the error of the form."""
        try:
            file = super().to_python(data)
            if file is not None:
                read_to_end(file.read())
                file.seek(0)
        except ValidationError:
            raise
        except Exception as error:
            # Whatever Wagtail's field met on its way to the size, or what is here met after it.
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
    """Wagtail's form, with a file that is read to its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the place of Wagtail's field, which its form does not let others choose."""
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            own = self.fields["file"]
            self.fields["file"] = ReadableImageField(
                label=own.label, required=own.required, widget=own.widget
            )

    def clean(self) -> dict[str, Any]:
        """Leave alone a file that stays, which may not be readable any more."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" not in self.changed_data:
            cleaned.pop("file", None)
        return cleaned
