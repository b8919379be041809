"""Leaves a cache server that fails alone for a while, so that it costs one timeout and not one for each read."""

import logging
import time

logger = logging.getLogger("frontend_api.caching.breaker")

# For how many seconds a server that failed is not asked, and for how many nothing more is said about it.
REST = 5
QUIET = 60


class CircuitBreaker:
    """Whether a cache is worth asking; one for all threads, which may race here without harm."""

    def __init__(self) -> None:
        self._rests_until = 0.0
        self._quiet_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the cache failed a moment ago, and is to be left alone."""
        return time.monotonic() < self._rests_until

    def failed(self, error: Exception) -> None:
        """Note that the cache failed, and say so where that has not been said a moment ago."""
        self._rests_until = time.monotonic() + REST
        self.complain("The cache cannot be used; reads go on without it: %s", error)

    def complain(self, message: str, error: Exception) -> None:
        """Say something about the cache, where nothing was said a moment ago."""
        now = time.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + QUIET
            logger.warning(message, error)

    def reset(self) -> None:
        """Forget that anything failed."""
        self._rests_until = self._quiet_until = 0.0
