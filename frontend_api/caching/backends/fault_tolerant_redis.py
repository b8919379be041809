"""Django's Redis cache for a server that may be down: a failed read is a miss, a failed write is skipped.

Wagtail keeps the addresses of sites in the cache and shows no page without them. A cache that is down must not take the
service down with it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache
from django.core.signing import BadSignature
from redis.exceptions import RedisError

from .circuit_breaker import CircuitBreaker


def _fault_tolerant(
    method: Callable[..., Any], otherwise: Callable[..., Any]
) -> Callable[..., Any]:
    """Wrap `method` so that it returns the result of `otherwise` if the server fails or failed a moment ago."""

    @wraps(method)
    def tried(self: "FaultTolerantRedisCache", *args: Any, **kwargs: Any) -> Any:
        if not self.circuit_breaker.is_open:
            try:
                return method(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                self.circuit_breaker.failed(error)
            except BadSignature as error:
                # The server itself works, so the breaker stays closed; the value counts as missing.
                self.circuit_breaker.complain("Something in the cache cannot be used: %s", error)
        return otherwise(*args, **kwargs)

    return tried


def _default(key: Any, default: Any = None, version: int | None = None) -> Any:
    return default


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


def _no(*args: Any, **kwargs: Any) -> bool:
    return False


def _no_key(key: Any, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"Key {key!r} not found")


class FaultTolerantRedisCache(RedisCache):
    """The cache for a `CACHE_URL` that names a Valkey or Redis server."""

    # Django creates a cache object for each thread; they all share one server, and so one breaker.
    circuit_breaker: ClassVar = CircuitBreaker()

    add = _fault_tolerant(RedisCache.add, _no)
    get = _fault_tolerant(RedisCache.get, _default)
    set = _fault_tolerant(RedisCache.set, _nothing)
    touch = _fault_tolerant(RedisCache.touch, _no)
    delete = _fault_tolerant(RedisCache.delete, _no)
    get_many = _fault_tolerant(RedisCache.get_many, lambda *args, **kwargs: {})
    has_key = _fault_tolerant(RedisCache.has_key, _no)
    incr = _fault_tolerant(RedisCache.incr, _no_key)
    set_many = _fault_tolerant(RedisCache.set_many, lambda data, *args, **kwargs: list(data))
    delete_many = _fault_tolerant(RedisCache.delete_many, _nothing)
    clear = _fault_tolerant(RedisCache.clear, _no)
