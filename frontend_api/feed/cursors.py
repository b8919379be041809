"""Where in the feed a reader is, as a text that is for this service alone to read: a number and its stamp.

A number alone does not identify a feed. After a backup is restored, the same numbers are handed out again for other
changes; by the stamp of the change that it has seen last, a reader of another feed is told to begin anew.
"""

import re
from typing import NamedTuple

from .models import PublicChange, PublicState

_FORM = re.compile(r"([0-9a-f]{1,16})\.([0-9a-f]{1,16})")


class Cursor(NamedTuple):
    """The number and the stamp of the last change that a reader has seen."""

    number: int
    stamp: int


def cursor_at(number: int, stamp: int) -> str:
    """Return the cursor of a reader who has seen all changes up to `number`, which has this `stamp`: `1f.3c0a…`."""
    return f"{number:x}.{stamp:x}"


def read(text: str) -> Cursor | None:
    """Return what a cursor says, or None if it is none."""
    found = _FORM.fullmatch(text)
    return Cursor(int(found[1], 16), int(found[2], 16)) if found else None


def is_known(cursor: Cursor, state: PublicState) -> bool:
    """Return whether a cursor is of this feed, and all changes after it are still there."""
    if cursor == (state.number, state.stamp):
        return True
    if cursor.number >= state.number:
        return False
    return PublicChange.objects.filter(pk=cursor.number, stamp=cursor.stamp).exists()
