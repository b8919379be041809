"""Records the addresses whose responses a cache in front may hold, for caches that are not purged by tag.

An address is recorded before its response is sent, and stays until no cache can hold the response any more. Purging
keeps it: the address may be requested again at once, and our own cache then answers relying on that record.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import quote

from django.db import Error
from django.urls import reverse

from frontend_api import conf
from frontend_api.changes.tags import EVERYTHING

from .models import CachedAddress
from .targets import configured

logger = logging.getLogger("frontend_api.purging.addresses")

# Keeps a client that requests ever new addresses from filling the disk: beyond this, no cache in front may hold a
# response of a new address.
MOST = 20_000


def record_or_refuse(
    path: str, query: str, tags: Iterable[str], now: datetime, seconds: int
) -> bool:
    """Return whether caches in front may hold a response for `seconds`, because it can be purged from all of them.

    If any of them is purged by address, record the address first; return False if that fails or there are too many.
    """
    if not are_needed():
        return True
    # A process that only reads leaves it to others, so that its own responses are asked for each time.
    try:
        return _remember(_address(path, query), sorted(tags), now, timedelta(seconds=seconds))
    except Error:
        logger.exception("An address cannot be noted down, so that no cache in front may hold it.")
        return False


def are_needed() -> bool:
    """Return whether any cache in front is purged by address."""
    return not all(target.takes_tags for target in configured())


def _remember(address: str, tags: list[str], now: datetime, lasts: timedelta) -> bool:
    key = blake2b(address.encode(), digest_size=20).hexdigest()
    known = CachedAddress.objects.filter(pk=key).values_list("tags", "until").first()
    if known is not None and known[0] == tags and known[1] >= now + lasts:
        return True
    if conf.read_only() or (known is None and CachedAddress.objects.count() >= MOST):
        return False
    # Twice as long as needed, so that a popular address is not written on each request.
    values = {"address": address, "tags": tags, "until": now + 2 * lasts}
    CachedAddress.objects.update_or_create(pk=key, defaults=values)
    return True


def depending_on(tags: Collection[str]) -> list[str]:
    """Return the recorded addresses whose responses depend on any of `tags`."""
    if EVERYTHING in tags:
        return list(CachedAddress.objects.values_list("address", flat=True))
    known = CachedAddress.objects.values_list("address", "tags").iterator()
    return [address for address, its in known if not set(tags).isdisjoint(its)]


def everything() -> str:
    """Return the wildcard for the whole API, such as https://cms.example.org/api/v2/*."""
    return _address(f"{reverse('frontend_api:root')}*", "")


def drop_expired(now: datetime) -> None:
    """Delete the addresses whose responses no cache holds any more."""
    CachedAddress.objects.filter(until__lt=now).delete()


def _address(path: str, query: str) -> str:
    # WSGI decodes paths as Latin-1.
    path = quote(path, safe="/*", encoding="latin-1", errors="replace")
    return f"{conf.base_url()}{path}{'?' if query else ''}{query}"
