"""What is in a column as JSON, whichever database it comes from, and back.

Text of JSON columns stays the text that it is. Whatever JSON has no form for is an object with one key, which says
what it is: `{"datetime": "2024-05-01T08:00:00+00:00"}`.
"""

import base64
import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

FORMS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    # A datetime is a date, too, and so comes first.
    "datetime": (
        datetime.datetime,
        datetime.datetime.isoformat,
        datetime.datetime.fromisoformat,
    ),
    "date": (datetime.date, datetime.date.isoformat, datetime.date.fromisoformat),
    "time": (datetime.time, datetime.time.isoformat, datetime.time.fromisoformat),
    "timedelta": (
        datetime.timedelta,
        lambda value: str(value // datetime.timedelta(microseconds=1)),
        lambda text: datetime.timedelta(microseconds=int(text)),
    ),
    "decimal": (Decimal, str, Decimal),
    "uuid": (UUID, str, UUID),
    "bytes": (
        bytes,
        lambda value: base64.b64encode(value).decode(),
        base64.b64decode,
    ),
}


def as_line(row: Any) -> bytes:
    """Return a row, or whatever else is made of lists and of dicts, as a line of JSON."""
    return json.dumps(row, default=_form, separators=(",", ":")).encode() + b"\n"


def _form(value: Any) -> dict[str, str]:
    if isinstance(value, memoryview):
        value = value.tobytes()
    for name, (kind, write, _) in FORMS.items():
        if isinstance(value, kind):
            return {name: write(value)}
    raise TypeError(f"A column has {type(value).__name__}, for which a backup has no form.")


def from_line(line: bytes) -> Any:
    """Return the row, or whatever else it is, of a line of JSON."""
    return json.loads(line, object_hook=_value)


def _value(form: dict[str, Any]) -> Any:
    if len(form) == 1:
        ((name, text),) = form.items()
        if name in FORMS and isinstance(text, str):
            return FORMS[name][2](text)
    return form
