"""URLs of what the service itself serves, which do not depend on the host of the request."""

from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from django.urls import get_script_prefix, get_urlconf, reverse

from frontend_api import conf


def absolute_url(address: str) -> str:
    """Return `address` joined to the service's base URL; an absolute one, such as a media server's, stays as it is."""
    return str(_joined(conf.base_url(), address))


# The same images and documents appear in one response after another.
_joined = lru_cache(maxsize=4096)(urljoin)


def detail_url(view: str, key: Any) -> str:
    """Return the URL at which the endpoint `view` (`page`, `image` or `document`) shows the object with this key."""
    return absolute_url(f"{_before_key(view, get_urlconf(), get_script_prefix())}{key}/")


@lru_cache(maxsize=32)
def _before_key(view: str, urlconf: str | None, prefix: str) -> str:
    """Return the part of an endpoint's detail URLs before the key, which depends on where the API is mounted."""
    return reverse(f"frontend_api:{view}", args=[0]).removesuffix("0/")
