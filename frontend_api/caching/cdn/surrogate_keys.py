"""Cache tags in the headers that CDNs purge by: short, keyed, and never longer than a proxy takes.

A tag is known outside only by a keyed hash, because tags name what the public may not see, such as a hidden page that
would be listed.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from frontend_api.changes.tags import EVERYTHING

# Stands in the place of the tags of a response that has too many for a header; every purge names it too.
MANY = "many"
# Varnish refuses a line above 8 kB; Fastly and Cloudflare take twice as much.
LONGEST = 8_000


def surrogate_keys(tags: Iterable[str]) -> list[str]:
    """Return the names by which caches outside know `tags`."""
    return [_hashed(tag) for tag in sorted(set(tags))]


def of_response(tags: Iterable[str]) -> list[str]:
    """Return the names for the headers of a response that was made of `tags`."""
    names = surrogate_keys((EVERYTHING, *tags))
    if sum(len(name) + 1 for name in names) > LONGEST:
        return surrogate_keys((EVERYTHING, MANY))
    return names


def _hashed(tag: str) -> str:
    digest = salted_hmac("frontend_api.caching.header_tags", tag, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)[:10].decode()
