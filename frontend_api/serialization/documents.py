"""Turns documents into JSON, and makes URLs that do not depend on the host of the request."""

from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from frontend_api import conf

DOCUMENT_FIELDS = ("id", "title", "url", "filename", "extension", "size")


def absolute_url(address: str) -> str:
    """Return `address` below the service's base URL, unless it is absolute already (as a media server's is)."""
    return str(_joined(conf.base_url(), address))


# The same images and documents appear in one response after another.
_joined = lru_cache(maxsize=4096)(urljoin)


def document_json(document: Any) -> dict[str, Any] | None:
    """Return the JSON of a document, or None for one that is gone or not visible; `size` is in bytes.

    {"id": 2, "title": "Annual report", "url": "https://cms.example.org/documents/2/report.pdf",
     "filename": "report.pdf", "extension": "pdf", "size": 48213}
    """
    if document is None:
        return None
    return {
        "id": document.pk,
        "title": document.title,
        "url": absolute_url(document.url),
        "filename": document.filename,
        "extension": document.file_extension,
        "size": document.file_size,
    }
