"""Django's Redis cache, for a server that may be gone: a read that fails is a miss, a write that fails is none.

Wagtail keeps the addresses of sites in the cache, without which it shows no page. A cache that is down must not take
the service with it.
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
    """Return `method`, which gives what `otherwise` says where the server fails or has just failed."""

    @wraps(method)
    def tried(self: "FaultTolerantRedisCache", *args: Any, **kwargs: Any) -> Any:
        if not self.circuit_breaker.is_open:
            try:
                return method(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                self.circuit_breaker.failed(error)
            except BadSignature as error:
                # The server is as quick as ever; what it has is as good as nothing.
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
    """The cache that `CACHE_URL` names where that is a Valkey or Redis server."""

    # Caches are made anew for each thread; whether the server answers is the same for all.
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
