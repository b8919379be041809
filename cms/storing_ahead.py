"""Stores an upload before the transaction that writes its row, so that nobody else waits for the place of files.

Until that transaction is over, the storage knows what was stored so: it takes the file at once when the row is saved,
and reads it from memory. A file whose row is not committed in the end is deleted again.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.files import File
from django.db.transaction import on_commit
from wagtail.tasks import delete_file_from_storage_task

from frontend_api.changes.pausing import Pausable, paused
from frontend_api.changes.transaction import after_commit

from .storage_errors import MediaUnreachableError

logger = logging.getLogger(__name__)

_here = threading.local()


@dataclass(eq=False)
class Stored:
    """A file that is in its place, and may not be in the database yet."""

    name: str
    content: File[Any]
    is_kept: bool = False

    def keep(self) -> None:
        """Leave it where it is: its row is committed."""
        self.is_kept = True


class StoresAhead:
    """A form that stores its file while no transaction waits for that, if it is for a bucket."""

    file_name = "file"
    """The name of the field of the file."""

    files: Any
    instance: Any
    errors: Any
    cleaned_data: dict[str, Any]
    changed_data: list[str]

    def full_clean(self) -> None:
        """Validate, and store what is valid."""
        if not self.files:
            super().full_clean()  # type: ignore[misc]
            return
        with paused(self.instance) as transaction:
            super().full_clean()  # type: ignore[misc]
            if (
                transaction is not None
                and not self.errors
                and self.file_name in self.changed_data
                and is_far((file := getattr(self.instance, self.file_name)).storage)
            ):
                store_ahead(file, transaction)


def is_far(storage: Any) -> bool:
    """Return whether a storage is one that has to be waited for."""
    return getattr(storage, "is_far", False)


def store_ahead(file: Any, transaction: Pausable) -> None:
    """Store the file that an object is about to be saved with, while `transaction` is paused.

    Raises `MediaUnreachableError` if the place of files does not take it.
    """
    storage, content = file.storage, file.file
    name = file.field.generate_filename(file.instance, file.name)
    stored = Stored(storage.save(name, content, max_length=file.field.max_length), content)
    _all().append(stored)
    transaction.when_over(lambda: _end(stored, storage.delete))


def delete_once_committed(file: Any) -> None:
    """Delete a file that was replaced, unless that is rolled back."""
    on_commit(partial(delete_file_from_storage_task.enqueue, file.storage.deconstruct(), file.name))


def taken(content: Any) -> str | None:
    """Return the name under which a file is stored already, and have it kept if the transaction is committed."""
    for stored in _all():
        if stored.content is content:
            after_commit(stored, stored.keep)
            return stored.name
    return None


def stored_as(name: str) -> File[Any] | None:
    """Return the file that was stored under a name a moment ago."""
    return next((stored.content for stored in _all() if stored.name == name), None)


def _all() -> list[Stored]:
    found: list[Stored] = _here.__dict__.setdefault("stored", [])
    return found


def _end(stored: Stored, delete: Callable[[str], Any]) -> None:
    _all().remove(stored)
    if stored.is_kept:
        return
    try:
        delete(stored.name)
    except MediaUnreachableError as error:
        logger.warning("A file that belongs to nothing was left in the bucket: %s", error)
