"""How large a file and a picture may be: Wagtail's own settings, asked before anything is decoded.

`WAGTAILIMAGES_MAX_UPLOAD_SIZE` is in bytes, `WAGTAILIMAGES_MAX_IMAGE_PIXELS` in pixels; None is no limit.
"""

from django.conf import settings

# What Wagtail takes them for where a project says nothing.
_BYTES, _PIXELS = 10 * 1024 * 1024, 128 * 1_000_000


def most_bytes() -> int | None:
    """Return how many bytes an upload may have."""
    most: int | None = getattr(settings, "WAGTAILIMAGES_MAX_UPLOAD_SIZE", _BYTES)
    return most


def most_pixels() -> int | None:
    """Return how many pixels a picture may have."""
    most: int | None = getattr(settings, "WAGTAILIMAGES_MAX_IMAGE_PIXELS", _PIXELS)
    return most


def megapixels(pixels: int) -> str:
    """Return a number of pixels as people say it: `60` for sixty million, `0.5` for half a million."""
    return f"{pixels / 1_000_000:.1f}".removesuffix(".0")
