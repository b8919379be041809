"""The headers by which browsers and shared caches know how long an answer holds and whether they have it already."""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import blake2b

from frontend_api import conf

from .encodings import BROTLI, GZIP, IDENTITY

_SUFFIXES = {IDENTITY: "", GZIP: "-gzip", BROTLI: "-br"}


def digest(body: bytes) -> str:
    """Return what the ETags of a body have in common."""
    return urlsafe_b64encode(blake2b(body, digest_size=16).digest()).rstrip(b"=").decode()


def etag(name: str, coding: str) -> str:
    """Return the strong ETag of the body with the digest `name` in a coding: other bytes, another ETag."""
    return f'"{name}{_SUFFIXES[coding]}"'


def known(header: str, name: str, coding: str) -> str | None:
    """Return the ETag that an `If-None-Match` has of this body, in whatever coding, or None.

    It is the one of `coding` if the client has several, and always one that the client has: by it the client finds
    what it kept.
    """
    if not header:
        return None
    if header.strip() == "*":
        return etag(name, coding)
    named = {part.strip().removeprefix("W/") for part in header.split(",")}
    ours = (coding, *_SUFFIXES)
    return next((etag(name, one) for one in ours if etag(name, one) in named), None)


def lifetimes(until: datetime | None, now: datetime) -> tuple[int, int]:
    """Return for how many seconds a shared cache may answer alone, and for how many more while it asks.

    Both are the operator's choice, and never longer than the clock allows.
    """
    fresh, stale = conf.shared_max_age(), conf.stale_while_revalidate()
    if until is not None:
        left = max(0, int((until - now).total_seconds()))
        fresh = min(fresh, left)
        stale = min(stale, left - fresh)
    return fresh, stale


def cache_control(fresh: int, stale: int) -> str:
    """Return the `Cache-Control` of an answer that holds until something changes; browsers ask each time."""
    said = f"public, max-age=0, s-maxage={fresh}"
    if stale:
        return f"{said}, stale-while-revalidate={stale}"
    return said if fresh else f"{said}, must-revalidate"
