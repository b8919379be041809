"""The addresses whose responses a cache in front may hold, for caches that know no tags.

They are noted down before the response leaves, and stay until no cache can hold it any more: what is purged may be
asked for again at once, and then comes out of our own cache with the note that is there.
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

# Whoever asks for ever new addresses fills a table, and not the disk: beyond these, a response leaves as one that no
# cache in front may hold.
MOST = 20_000


def may_be_held(path: str, query: str, tags: Iterable[str], now: datetime, seconds: int) -> bool:
    """Tell whether caches in front may hold a response for so long: whether it will be purged from all of them."""
    if all(target.takes_tags for target in configured()):
        return True
    try:
        return _remember(_address(path, query), sorted(tags), now, timedelta(seconds=seconds))
    except Error:
        logger.exception("An address cannot be noted down, so that no cache in front may hold it.")
        return False


def _remember(address: str, tags: list[str], now: datetime, lasts: timedelta) -> bool:
    key = blake2b(address.encode(), digest_size=20).hexdigest()
    known = CachedAddress.objects.filter(pk=key).values_list("tags", "until").first()
    if known is not None and known[0] == tags and known[1] >= now + lasts:
        return True
    if known is None and CachedAddress.objects.count() >= MOST:
        return False
    # For longer than it lasts, so that an address that is asked for all the time is not written each time.
    values = {"address": address, "tags": tags, "until": now + 2 * lasts}
    CachedAddress.objects.update_or_create(pk=key, defaults=values)
    return True


def made_of(tags: Collection[str]) -> list[str]:
    """Return the addresses of what was made of one of `tags`."""
    if EVERYTHING in tags:
        return list(CachedAddress.objects.values_list("address", flat=True))
    known = CachedAddress.objects.values_list("address", "tags").iterator()
    return [address for address, its in known if not set(tags).isdisjoint(its)]


def everything() -> str:
    """Return the address of all of the API, for caches that take a wildcard."""
    return _address(f"{reverse('frontend_api:root')}*", "")


def drop_expired(now: datetime) -> None:
    """Forget the addresses of what no cache holds any more."""
    CachedAddress.objects.filter(until__lt=now).delete()


def _address(path: str, query: str) -> str:
    # As WSGI has it.
    path = quote(path, safe="/*", encoding="latin-1", errors="replace")
    return f"{conf.base_url()}{path}{'?' if query else ''}{query}"
