"""The address of the site at `FRONTEND_URL`, with the scheme that it has there.

A Wagtail site has a host and a port, and no scheme: Wagtail takes every port but 443 for one of http. So a frontend at
`https://www.example.org:8443` would be linked to, previewed and purged at an address that answers nobody.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

PORTS = {"http": 80, "https": 443}

wagtails = Site.root_url.fget


def host_and_port(address: str) -> tuple[str, int]:
    """Return the host and the port of an address, as a site has them."""
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or PORTS[parts.scheme]


def root_url(site: Any) -> str:
    """Return the address of a site: that in `FRONTEND_URL` if it is the one there, or else what Wagtail makes of it."""
    address = settings.FRONTEND_URL
    host, port = host_and_port(address)
    if (site.hostname, site.port) != (host, port):
        return str(wagtails(site))
    scheme = urlsplit(address).scheme
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port == PORTS[scheme] else f"{scheme}://{shown}:{port}"


Site.root_url = property(root_url)
