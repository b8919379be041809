"""The HTTP caching headers: `ETag`, `If-None-Match` and `Cache-Control`."""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import blake2b

from frontend_api import conf

from .encodings import BROTLI, GZIP, IDENTITY

_SUFFIXES = {IDENTITY: "", GZIP: "-gzip", BROTLI: "-br"}


def digest(body: bytes) -> str:
    """Return the digest of `body` that its ETags in all codings begin with."""
    return urlsafe_b64encode(blake2b(body, digest_size=16).digest()).rstrip(b"=").decode()


def etag(name: str, coding: str) -> str:
    """Return the strong ETag of the body with the digest `name`; it differs by coding, as the bytes do."""
    return f'"{name}{_SUFFIXES[coding]}"'


def matching_etag(header: str, name: str, coding: str) -> str | None:
    """Return the ETag of this body, in any coding, that an `If-None-Match` header names, or None.

    The one for `coding` is preferred. It is always one that the client sent: the client finds its copy by it.
    """
    if not header:
        return None
    if header.strip() == "*":
        return etag(name, coding)
    named = {part.strip().removeprefix("W/") for part in header.split(",")}
    ours = (coding, *_SUFFIXES)
    return next((etag(name, one) for one in ours if etag(name, one) in named), None)


def lifetimes(until: datetime | None, now: datetime) -> tuple[int, int]:
    """Return how many seconds a shared cache may serve a response fresh, and how many more while revalidating.

    Both are settings of the operator, and together never reach beyond `until`.
    """
    fresh, stale = conf.shared_max_age(), conf.stale_while_revalidate()
    if until is not None:
        left = max(0, int((until - now).total_seconds()))
        fresh = min(fresh, left)
        stale = min(stale, left - fresh)
    return fresh, stale


def cache_control(fresh: int, stale: int) -> str:
    """Return the `Cache-Control` of a response that is valid until something changes; browsers revalidate each time.

    cache_control(300, 60) gives 'public, max-age=0, s-maxage=300, stale-while-revalidate=60'.
    """
    said = f"public, max-age=0, s-maxage={fresh}"
    if stale:
        return f"{said}, stale-while-revalidate={stale}"
    return said if fresh else f"{said}, must-revalidate"
