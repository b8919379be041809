"""What the processes of the service take, sample by sample, and whether that grows.

A process is judged after it is warm: the first third of its life is left out. Through what is left goes the median of
the slopes between all pairs of samples (Theil and Sen), which a few outliers do not move. What that line rises by from
the first sample to the last is the growth. It is none while it stays under what is allowed, or under a twentieth of
what there is.
"""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

MOST_SAMPLES = 300
LEAST_SECONDS = 120
"""What lived for less is shown and not judged: a process takes this long to have done everything once."""
ALLOWED = {"memory": 16.0, "descriptors": 8.0, "threads": 4.0, "connections": 3.0}
"""How much each may grow in the time that is judged; memory is in megabytes."""
SHARE = 0.05

Taken = dict[str, float]


@dataclass(frozen=True)
class Growth:
    """What a part of the service takes of something, and how that changed."""

    part: str
    what: str
    seconds: float
    """For how long it was looked at, once it was warm."""
    median: float
    most: float
    growth: float

    @property
    def is_judged(self) -> bool:
        """Tell whether it lived for long enough to say."""
        return self.seconds >= LEAST_SECONDS

    @property
    def is_flat(self) -> bool:
        """Tell whether it has not grown."""
        return self.growth <= max(ALLOWED[self.what], SHARE * self.median)


def growth(part: str, what: str, samples: Sequence[tuple[float, float]]) -> Growth:
    """Return how much something has grown, of which there are `samples`: times and values."""
    begin, end = samples[0][0], samples[-1][0]
    warm = [one for one in samples if one[0] >= begin + (end - begin) / 3]
    slopes = [
        (after[1] - before[1]) / (after[0] - before[0])
        for before, after in combinations(warm, 2)
        if after[0] > before[0]
    ]
    seconds = warm[-1][0] - warm[0][0]
    rises = statistics.median(slopes) * seconds if slopes else 0.0
    values = [value for _, value in samples]
    return Growth(part, what, seconds, statistics.median(values), max(values), rises)


def taken_by(pid: int) -> Taken:
    """Return what a process takes; raise `OSError` if it is gone."""
    folder = Path(f"/proc/{pid}")
    # The second field is what is in memory, in pages.
    resident = int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return {
        "memory": resident / 2**20,
        "descriptors": float(len(os.listdir(folder / "fd"))),  # noqa: PTH208 - a count alone.
        "threads": float(len(os.listdir(folder / "task"))),  # noqa: PTH208
    }


@dataclass
class Watch:
    """Takes samples of parts of the service, which are processes or the database."""

    look: Callable[[], dict[str, Taken]]
    seconds: float
    """For how long all of it goes on, by which samples are spread."""
    samples: dict[tuple[str, str], list[tuple[float, float]]] = field(default_factory=dict)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take samples meanwhile, in a thread."""
        over = threading.Event()
        with ThreadPoolExecutor(1) as executor:
            done = executor.submit(self._watch, over)
            try:
                yield
            finally:
                over.set()
            # Whatever kept it from looking is an error here.
            done.result()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(max(0.5, self.seconds / MOST_SAMPLES)):
            now = time.monotonic()
            for part, taken in self.look().items():
                for what, value in taken.items():
                    self.samples.setdefault((part, what), []).append((now, value))

    def growths(self) -> list[Growth]:
        """Return how everything has grown."""
        return [
            growth(part, what, samples)
            for (part, what), samples in sorted(self.samples.items())
            if len(samples) > 1
        ]
