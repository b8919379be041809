"""Every setting that the delivery API reads, in one place: read when it is needed, so that a test can override it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings


def image_uses() -> Mapping[str, Any]:
    """Return the uses of images, as in `{"teaser": {"ratio": (3, 2), "widths": (320, 640)}}`; see `images.uses`."""
    uses: Mapping[str, Any] = settings.IMAGE_USES
    return uses


def preview_max_age() -> int:
    """Return for how many seconds a preview can be opened after it was made."""
    return int(settings.PREVIEW_MAX_AGE)


def shared_max_age() -> int:
    """Return for how many seconds a shared cache may answer alone, if nothing changes."""
    return int(settings.API_S_MAXAGE)


def stale_while_revalidate() -> int:
    """Return for how many seconds more a shared cache may answer while it asks."""
    return int(settings.API_STALE_WHILE_REVALIDATE)


def base_url() -> str:
    """Return the address that the service itself is reached at, such as https://cms.example.org."""
    return str(settings.WAGTAILAPI_BASE_URL)


def admin_base_url() -> str:
    """Return the address that editors reach the admin at."""
    return str(settings.WAGTAILADMIN_BASE_URL)
