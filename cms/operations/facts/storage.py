"""Where uploads are kept, and the admin's own files."""

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from .fact import Fact

KNOWN = "wagtailadmin/css/core.css"
"""A file that Wagtail's admin cannot do without."""


def storage() -> Fact:
    """Say whether a file that is written is there; it is taken away again."""
    text = get_random_string(16).encode()
    remedy = (
        _("Let MEDIA_ROOT name a folder that this account may write to: chown it.")
        if isinstance(default_storage, FileSystemStorage)
        else _("See the name of the bucket, its keys and what they may do.")
    )
    try:
        name = default_storage.save("operations/doctor.txt", ContentFile(text))
        try:
            with default_storage.open(name) as file:
                found = file.read()
        finally:
            default_storage.delete(name)
    except Exception as error:
        # Each storage has its own errors.
        return Fact("storage", False, f"{type(error).__name__}: {error}", remedy)
    if found != text:
        return Fact("storage", False, _("What is written is not what is read."), remedy)
    return Fact("storage", True, _("A file that is written can be read."))


def static_files() -> Fact:
    """Say whether the admin's files were gathered."""
    if settings.DEBUG or not isinstance(staticfiles_storage, ManifestFilesMixin):
        return Fact("static files", True, _("They are served from the packages."))
    if KNOWN not in staticfiles_storage.hashed_files:
        says = _("They were not gathered, so the admin cannot be shown.")
        return Fact("static files", False, says, "python manage.py collectstatic --noinput")
    return Fact("static files", True, _("They are gathered."))
