"""Every request and what came of it, what went wrong besides, and when faults excuse that."""

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

LOST = 0
"""The status of a request that had no answer."""
EXPECTED = frozenset({200, 301, 302, 304})


class Asked(NamedTuple):
    """A request."""

    kind: str
    began: float
    seconds: float
    status: int


@dataclass
class Window:
    """A fault, from when it began to when all was well again, and the statuses that it excuses."""

    name: str
    excused: frozenset[int]
    began: float
    ended: float = float("inf")

    def excuses(self, asked: Asked) -> bool:
        """Tell whether it excuses an answer, which was waited for during some of it."""
        is_meanwhile = asked.began <= self.ended and asked.began + asked.seconds >= self.began
        return is_meanwhile and asked.status in self.excused


@dataclass
class Journal:
    """What happened; threads write it together."""

    asked: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What is never excused: something stale, or lost."""
    windows: list[Window] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, asked: Asked) -> None:
        """Note a request."""
        with self._lock:
            self.asked.append(asked)

    def tell(self, what: str) -> None:
        """Note something that is never excused."""
        with self._lock:
            self.wrong.append(f"{time.monotonic() - self.began:.1f} s: {what}")

    @contextmanager
    def window(self, name: str, *excused: int) -> Iterator[None]:
        """Excuse such answers as long as this lasts."""
        window = Window(name, frozenset(excused), time.monotonic())
        self.windows.append(window)
        try:
            yield
        finally:
            window.ended = time.monotonic()

    def unexcused(self) -> list[Asked]:
        """Return the requests whose answers nothing excuses."""
        return [
            one
            for one in self.asked
            if one.status not in EXPECTED
            and not any(window.excuses(one) for window in self.windows)
        ]

    def statuses(self) -> Counter[int]:
        """Return how often each status was the answer."""
        return Counter(one.status for one in self.asked)

    def times(self) -> dict[str, tuple[int, float, float]]:
        """Return for each kind of request how many were answered as expected, and the p50 and p99 in milliseconds."""
        kinds: dict[str, list[float]] = {}
        for one in self.asked:
            if one.status in EXPECTED:
                kinds.setdefault(one.kind, []).append(1000 * one.seconds)
        return {
            kind: (len(times), statistics.median(times), _p99(times))
            for kind, times in sorted(kinds.items())
        }


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[-1] if len(times) > 1 else times[0]
