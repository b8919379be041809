"""A circuit breaker for cache servers: an outage costs one timeout every few seconds, not one per read."""

import logging
import time

logger = logging.getLogger("frontend_api.caching.breaker")

# In seconds: how long a server that failed is left alone, and how long no further warning is logged about it.
REST = 5
QUIET = 60


class CircuitBreaker:
    """Tracks whether a cache server is working; all threads share one, and races between them are harmless."""

    def __init__(self) -> None:
        self._rests_until = 0.0
        self._quiet_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the cache failed within the last `REST` seconds and must be left alone."""
        return time.monotonic() < self._rests_until

    def failed(self, error: Exception) -> None:
        """Open the breaker for `REST` seconds, and log `error` as `complain` does."""
        self._rests_until = time.monotonic() + REST
        self.complain("The cache cannot be used; reads go on without it: %s", error)

    def complain(self, message: str, error: Exception) -> None:
        """Log a warning about the cache, unless one was logged within the last `QUIET` seconds."""
        now = time.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + QUIET
            logger.warning(message, error)

    def reset(self) -> None:
        """Forget all failures and warnings."""
        self._rests_until = self._quiet_until = 0.0
