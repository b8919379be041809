"""Images and documents as JSON, with addresses that do not depend on the host a request came to."""

from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

IMAGE_FIELDS = ("id", "title", "alt", "width", "height", "focal_point", "src")
DOCUMENT_FIELDS = ("id", "title", "url", "filename", "extension", "size")


def absolute_url(address: str) -> str:
    """Return `address` below the service's own address, unless it is absolute already (as a media server's is)."""
    return _joined(settings.WAGTAILAPI_BASE_URL, address)


# Images and documents stand in one response after another.
_joined = lru_cache(maxsize=4096)(urljoin)


def image_json(image: Any, alt: str | None = None) -> dict[str, Any] | None:
    """Return an image, or None for one that is gone or may not be seen.

    `alt` is the alternative text that the place gives the image ("" for a decorative one); without it, the image's
    own. The focal point is in pixels of the original, `x` and `y` its centre::

        {"id": 3, "title": "Harbour", "alt": "Boats at dawn", "width": 1600, "height": 900,
         "focal_point": {"x": 800, "y": 400, "width": 200, "height": 100},
         "src": "https://cms.example.org/media/original_images/harbour.jpg"}
    """
    if image is None:
        return None
    focal_point = image.get_focal_point()
    return {
        "id": image.pk,
        "title": image.title,
        "alt": image.description if alt is None else alt,
        "width": image.width,
        "height": image.height,
        "focal_point": focal_point
        and {
            "x": image.focal_point_x,
            "y": image.focal_point_y,
            "width": image.focal_point_width,
            "height": image.focal_point_height,
        },
        "src": absolute_url(image.file.url),
    }


def document_json(document: Any) -> dict[str, Any] | None:
    """Return a document, or None for one that is gone or may not be seen; `size` is in bytes.

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
