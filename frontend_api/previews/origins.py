"""The origins of the frontends, whose previews the admin frames, and of the admin itself."""

from urllib.parse import urlsplit

from wagtail.admin.utils import get_admin_base_url
from wagtail.models import Site
from wagtail_headless_preview.models import get_client_root_url_from_site


def origin_of(address: str) -> str:
    """Return the origin of an address: `https://www.example.org` for `https://www.example.org/preview?token=…`."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def site_origin(site: Site) -> str:
    """Return the origin at which previews of a site's pages open."""
    return origin_of(get_client_root_url_from_site(site))


def cms_origin() -> str:
    """Return the origin at which editors open the admin."""
    return origin_of(get_admin_base_url() or "")


def frontend_origins() -> list[str]:
    """Return the origins of all sites' frontends, without duplicates."""
    return sorted({site_origin(site) for site in Site.objects.all()})
