"""The room that is left where something is written."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils.translation import gettext as _

from .fact import Fact, Measure

LEAST = 500 * 1024 * 1024
"""With fewer bytes left than this, uploads and transactions fail soon."""

MEGABYTE = 1024 * 1024


def disk() -> Fact:
    """Say how much room there is for uploads, for a database in a file, and for temporary files."""
    free = {name: _free(folder) for name, folder in _folders()}
    measures = tuple(
        Measure("cms_disk_free_bytes", "The room that is left.", left, ("place", name))
        for name, left in free.items()
    )
    name, left = min(free.items(), key=lambda one: one[1])
    if left < LEAST:
        says = _("%(megabytes)d MB are left for %(place)s.") % {
            "megabytes": left // MEGABYTE,
            "place": name,
        }
        remedy = _("Make room there, or give it a larger disk.")
        return Fact("disk", False, says, remedy, measures=measures)
    says = _("%(megabytes)d MB are left, or more.") % {"megabytes": left // MEGABYTE}
    return Fact("disk", True, says, measures=measures)


def _folders() -> Iterator[tuple[str, Path]]:
    yield "temporary files", Path(tempfile.gettempdir())
    # Elsewhere, such as in a bucket, room is not ours to look after.
    if isinstance(default_storage, FileSystemStorage):
        yield "media", Path(default_storage.location)
    name = str(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite" and Path(name).is_absolute():
        yield "database", Path(name)


def _free(place: Path) -> int:
    """Return how many bytes may be written at a place, which is perhaps not there yet."""
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
