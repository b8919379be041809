"""What is wrong with images that are never shown, as sentences for editors."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .files import BROKEN, DAMAGED, MISSING, TOO_MANY_PIXELS, TOO_MUCH_MEMORY
from .limits import megapixels, most_pixels
from .models import ImageFile, key_of

SENTENCES: dict[str, Promise] = {
    MISSING: _("Readers do not see this image: its file is not there. Choose the file again."),
    DAMAGED: _(
        "Readers do not see this image: its file is damaged. Save the picture anew in another program, and choose "
        "that file."
    ),
    TOO_MANY_PIXELS: _(
        "Readers do not see this image: it has more than %(megapixels)s megapixels. Make the picture smaller in "
        "another program, and choose that file."
    ),
    TOO_MUCH_MEMORY: _(
        "Readers do not see this image: it takes more memory than there is to make it ready for the website. Make the "
        "picture smaller in another program, and choose that file."
    ),
}


def problem_of(image: Any) -> str:
    """Return why readers never see an image, or nothing if they do."""
    if image.pk is None:
        return ""
    known = ImageFile.objects.filter(image_key=key_of(image), name=image.file.name, kind=BROKEN)
    file = known.first()
    return sentence(file.problem) if file else ""


def sentence(problem: str) -> str:
    """Return the sentence for one of the problems in `files`."""
    return str(SENTENCES.get(problem, SENTENCES[DAMAGED])) % {
        "megapixels": megapixels(most_pixels() or 0)
    }
