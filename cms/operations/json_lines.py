"""Writes what is logged as a line of JSON each, with the id of the request that it is about.

{"time": "2026-11-24T20:01:02.345Z", "level": "error", "logger": "django.request",
 "message": "Internal Server Error: /api/v2/pages/", "id": "5f3a91c2d4e60718-1c",
 "exception": "Traceback (most recent call last): …"}
"""

import json
import logging
from typing import Any

from .observed import current
from .paths import shown, shown_path
from .request_log import moment


class JsonLines(logging.Formatter):
    """A formatter for the setting `LOGGING`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, which is one whatever the message has in it."""
        line: dict[str, Any] = {
            "time": moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        observed = current.get()
        if observed is not None:
            line["id"] = observed["request_id"]
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def _message(record: logging.LogRecord) -> str:
    """Return what was logged; Django puts the path of a request into it as it is."""
    message = record.getMessage()
    path = getattr(getattr(record, "request", None), "path", "")
    if not path:
        return message
    return message.replace(path, shown(record.request) or shown_path(path))  # type: ignore[attr-defined]
