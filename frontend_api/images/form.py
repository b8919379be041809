"""The form with which editors upload images: what cannot be read or is too large is a form error rather than a crash.

Set `WAGTAILIMAGES_IMAGE_FORM_BASE = "frontend_api.images.form.ReadableImageForm"` to use it.
"""

import logging
from pathlib import PurePosixPath
from typing import Any

import willow
from django.core.exceptions import ValidationError
from django.forms.fields import FileField
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from frontend_api.changes.pausing import paused

from . import apart
from .files import TooManyPixelsError, TooMuchMemoryError, UnreadableFileError, format_of
from .limits import megapixels, most_pixels
from .problems import problem_of
from .storing import ExaminedFile

logger = logging.getLogger("frontend_api.image_form")

_WAITING = 10
"""How many seconds an upload waits for other large pictures."""
# Endings that files of these formats have as well.
_FORMATS = {"heif": "heic", "jpg": "jpeg", "tif": "tiff"}


class ReadableImageField(WagtailImageField):
    """A field for an image that can be read to its end; Wagtail's own decodes it before it looks at its size."""

    help_text: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say how large a picture may be, beside the formats and the size of the file."""
        super().__init__(*args, **kwargs)
        most = most_pixels()
        if most is not None:
            self.help_text = _("%(limits)s Largest picture: %(megapixels)s megapixels.") % {
                "limits": self.help_text,
                "megapixels": megapixels(most),
            }
        self.error_messages["unreadable"] = _(
            "This file is damaged: it cannot be read to its end. Open the picture in another program and save "
            "it anew, or fetch it again from where it came from."
        )
        self.error_messages["file_too_many_pixels"] = _(
            "This picture is too large: it has more than %(megapixels)s megapixels. Make it smaller in another "
            "program, 4000 pixels wide for instance, and save it anew."
        ) % {"megapixels": megapixels(most or 0)}
        self.error_messages["file_too_much_memory"] = _(
            "This picture takes more memory or time to be read than there is. Make it smaller in another program, "
            "4000 pixels wide for instance, and save it anew."
        )
        self.error_messages["others_first"] = _(
            "Other large pictures are being uploaded at the moment, and yours is not stored. Upload it again in a "
            "minute."
        )

    def to_python(self, data: Any) -> Any:
        """Return the file as it is going to be stored; raises ValidationError for one that cannot be shown."""
        file = FileField.to_python(self, data)
        if file is None:
            return None
        self.check_image_file_size(file)
        try:
            content = file.read()
            self._check_format(str(file.name), format_of(content))
            examined = apart.examined(content, to_the_end=True, waiting=_WAITING)
        except TimeoutError as error:
            raise self._error("others_first", data, error) from error
        except TooManyPixelsError as error:
            raise self._error("file_too_many_pixels", data, error) from error
        except TooMuchMemoryError as error:
            raise self._error("file_too_much_memory", data, error) from error
        except UnreadableFileError as error:
            raise self._error("unreadable", data, error) from error
        read = ExaminedFile(str(file.name), examined)
        # What Django and Wagtail say of a file that their own fields have read.
        read.image = willow.Image.open(read.file)
        read.content_type = read.image.mime_type
        return read

    def _check_format(self, name: str, form: str) -> None:
        extension = PurePosixPath(name).suffix.lower().removeprefix(".")
        if extension not in self.allowed_image_extensions:
            code = "invalid_image_extension"
            raise ValidationError(self.error_messages[code], code=code)
        if _FORMATS.get(extension, extension) != form:
            code = "invalid_image_known_format"
            raise ValidationError(
                self.error_messages[code] % {"extension": extension, "image_format": form},
                code=code,
            )

    def _error(self, code: str, data: Any, error: Exception) -> ValidationError:
        logger.info("The upload %s cannot be read: %s", getattr(data, "name", ""), error)
        return ValidationError(self.error_messages[code], code=code)


class ReadableImageForm(BaseImageForm):
    """Wagtail's image form, with a file field that reads the file to the end, and what is wrong with a stored one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Replace Wagtail's file field, because its form has no option to choose another."""
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            own = self.fields["file"]
            field = ReadableImageField(label=own.label, required=own.required, widget=own.widget)
            field.help_text = problem_of(self.instance) or field.help_text
            self.fields["file"] = field

    def full_clean(self) -> None:
        """Read the picture while no transaction waits for that."""
        if not self.files:
            super().full_clean()
            return
        with paused(self.instance):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Leave out a file that has not changed, because it may no longer be readable."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" not in self.changed_data:
            cleaned.pop("file", None)
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the image; its old file and renditions stay for as long as caches may name them."""
        # Wagtail would delete this one at once. The signals of the model see to it.
        self.original_file = None
        return super().save(commit=commit)
