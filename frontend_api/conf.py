"""The delivery API's own settings, in one place. Each is read when it is used, so that tests can override it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings


def image_uses() -> Mapping[str, Any]:
    """Return the uses of images, such as `{"teaser": {"ratio": (3, 2), "widths": (320, 640)}}`; see `images.uses`."""
    uses: Mapping[str, Any] = settings.IMAGE_USES
    return uses


def preview_max_age() -> int:
    """Return how many seconds after its creation a preview can still be opened."""
    return int(settings.PREVIEW_MAX_AGE)


def shared_max_age() -> int:
    """Return for how many seconds a shared cache may serve a response without revalidating, if nothing changes."""
    return int(settings.API_S_MAXAGE)


def stale_while_revalidate() -> int:
    """Return for how many more seconds a shared cache may serve the stale response while it revalidates."""
    return int(settings.API_STALE_WHILE_REVALIDATE)


def base_url() -> str:
    """Return the address of the service itself, such as https://cms.example.org."""
    return str(settings.WAGTAILAPI_BASE_URL)


def admin_base_url() -> str:
    """Return the address at which editors reach the admin."""
    return str(settings.WAGTAILADMIN_BASE_URL)
