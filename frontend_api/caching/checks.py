"""A Django check that write access to the cache server does not allow running code in this service."""

from typing import Any

from django.conf import settings
from django.core.cache import InvalidCacheBackendError, caches
from django.core.cache.backends.memcached import BaseMemcachedCache
from django.core.cache.backends.redis import RedisCache, RedisSerializer
from django.core.checks import CheckMessage, Warning, register
from django.utils.module_loading import import_string

from frontend_api import conf


@register()
def check_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the cache in the setting `CACHES` that keeps the API's responses.

    `frontend_api.W001`: it unpickles what a server holds, so anyone who can write to that server can run code here.
    """
    alias = conf.cache_alias()
    try:
        cache: Any = caches[alias]
    except InvalidCacheBackendError:
        # Django's own checks report this.
        return []
    if not _reads_pickles(cache, alias):
        return []
    return [
        Warning(
            f"The cache {alias!r} reads pickles: whoever can write to its server can run code here.",
            hint='Give a RedisCache OPTIONS["serializer"], the '
            '"frontend_api.caching.backends.serializers.BytesSerializer".',
            id="frontend_api.W001",
        )
    ]


def _reads_pickles(cache: Any, alias: str) -> bool:
    if isinstance(cache, RedisCache):
        serializer = settings.CACHES[alias].get("OPTIONS", {}).get("serializer")
        if isinstance(serializer, str):
            serializer = import_string(serializer)
        return serializer is None or serializer == RedisSerializer
    return isinstance(cache, BaseMemcachedCache)
