"""URLs of what the service itself serves, which do not depend on the host of the request."""

from functools import lru_cache
from urllib.parse import urljoin

from frontend_api import conf


def absolute_url(address: str) -> str:
    """Return `address` joined to the service's base URL; an absolute one, such as a media server's, stays as it is."""
    return str(_joined(conf.base_url(), address))


# The same images and documents appear in one response after another.
_joined = lru_cache(maxsize=4096)(urljoin)
