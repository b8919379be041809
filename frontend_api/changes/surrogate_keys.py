"""Turns cache tags into the short names that CDNs purge by, for headers no longer than a proxy accepts.

The names are keyed hashes, because tags can refer to what the public may not see, such as a hidden page that would be
listed.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from .tags import EVERYTHING

# Replaces the tags of a response that has too many for a header; every purge includes it.
MANY = "many"
# In bytes. Varnish rejects a header line above 8 kB; Fastly and Cloudflare accept twice as much.
LONGEST = 8_000


def surrogate_keys(tags: Iterable[str]) -> list[str]:
    """Return the names of `tags` for caches in front, each of 10 characters."""
    return [_hashed(tag) for tag in sorted(set(tags))]


def of_response(tags: Iterable[str]) -> list[str]:
    """Return the names for the headers of a response that depends on `tags`."""
    names = surrogate_keys((EVERYTHING, *tags))
    if sum(len(name) + 1 for name in names) > LONGEST:
        return surrogate_keys((EVERYTHING, MANY))
    return names


def of_change(tags: Iterable[str]) -> list[str]:
    """Return the names of all responses that a change of `tags` makes old, those with too many tags among them."""
    known = {*tags}
    return surrogate_keys({EVERYTHING} if EVERYTHING in known else {MANY, *known})


def _hashed(tag: str) -> str:
    digest = salted_hmac("frontend_api.caching.header_tags", tag, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)[:10].decode()
