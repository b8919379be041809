"""Turns documents into JSON."""

from typing import Any

from .addresses import absolute_url

DOCUMENT_FIELDS = ("id", "title", "url", "filename", "extension", "size")


def document_json(document: Any) -> dict[str, Any]:
    """Return what a document shows outside `meta`; `size` is in bytes.

    {"id": 2, "title": "Annual report", "url": "https://cms.example.org/documents/2/report.pdf",
     "filename": "report.pdf", "extension": "pdf", "size": 48213}
    """
    return {
        "id": document.pk,
        "title": document.title,
        "url": absolute_url(document.url),
        "filename": document.filename,
        "extension": document.file_extension,
        "size": document.file_size,
    }
