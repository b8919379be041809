"""Counts requests in the memory of a process, and tells the other processes of the server by a file.

The library for Prometheus counts in files that all processes share, which takes longer than all else that is observed
of a hit. Here a process counts in a dict and writes a file of its own once a second; whichever process is asked adds up
all of them. So a process that is killed loses what it has counted in its last second, and nothing else.
"""

import json
import os
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .endpoints import endpoint_of
from .flushing import Flushing
from .observed import Observed
from .processes import is_alive
from .shared_folder import SharedFolder

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Up to these numbers of seconds, requests are counted together."""

EVERY = 1.0
"""How many seconds are between two writes."""

MOST_PATHS = 1000
"""With more paths than this they are counted under their endpoints at once, so that clients cannot fill the memory."""

PASSED_BY = "none"
"""What `cache` is where a request is none that a cache would answer."""

# How many, how many seconds in all, how many queries, then how many up to each bound, and above the last.
_COUNT, _SECONDS, _QUERIES, _FIRST = 0, 1, 2, 3
_WIDTH = _FIRST + len(BOUNDS) + 1


class Row(NamedTuple):
    """What was counted under one endpoint, one answer of the cache, and one status."""

    endpoint: str
    cache: str
    status: int
    requests: float
    seconds: float
    queries: float
    spread: tuple[float, ...]


class Tally:
    """The counts of this process, and of the others that use the same folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = SharedFolder(folder)
        self._lock = threading.Lock()
        # Of two threads at once each would write the file of this process.
        self._writing = threading.Lock()
        # By path at first: to find its endpoint, each time, would take as long as all the rest.
        self._new: dict[tuple[str, str, int], list[float]] = {}
        self._known: defaultdict[tuple[str, str, int], list[float]] = defaultdict(
            lambda: [0] * _WIDTH
        )
        self._flushing = Flushing(self.write, EVERY, "metrics")
        self.kept_bytes = 0
        """What this process keeps of responses in memory."""

    def add(self, path: str, status: int, seconds: float, observed: Observed) -> None:
        """Count a request."""
        key = path, observed.get("cache", PASSED_BY), status
        with self._lock:
            row = self._new.get(key)
            if row is None:
                row = self._new[key] = [0] * _WIDTH
            row[_COUNT] += 1
            row[_SECONDS] += seconds
            row[_QUERIES] += observed.get("queries", 0)
            row[_FIRST + bisect_left(BOUNDS, seconds)] += 1
            if len(self._new) > MOST_PATHS:
                self._sort_in()
        if not self._flushing.has_begun:
            self._flushing.begin()

    def _sort_in(self) -> None:
        for (path, cache, status), row in self._new.items():
            known = self._known[endpoint_of(path), cache, status]
            for place, number in enumerate(row):
                known[place] += number
        self._new.clear()

    def write(self) -> None:
        """Let the other processes know, if there is something new."""
        with self._writing:
            with self._lock:
                if not self._new:
                    return
                self._sort_in()
                rows = [[*key, *row] for key, row in self._known.items()]
            self._folder.make()
            path = self._folder.path / f"{os.getpid()}.json"
            begun = path.with_suffix(".begun")
            begun.write_text(json.dumps({"bytes": self.kept_bytes, "rows": rows}), encoding="utf-8")
            begun.replace(path)

    def rows(self) -> Iterator[Row]:
        """Return what all processes have counted, those that have ended among them."""
        self.write()
        totals: defaultdict[tuple[str, str, int], list[float]] = defaultdict(lambda: [0] * _WIDTH)
        for _path, told in self._told():
            for endpoint, cache, status, *numbers in told["rows"]:
                total = totals[endpoint, cache, status]
                for place, number in enumerate(numbers):
                    total[place] += number
        for (endpoint, cache, status), row in sorted(totals.items()):
            spread = tuple(row[_FIRST:])
            yield Row(endpoint, cache, status, row[_COUNT], row[_SECONDS], row[_QUERIES], spread)

    def all_kept_bytes(self) -> float:
        """Return what all processes that are alive keep of responses in memory."""
        return sum(told["bytes"] for path, told in self._told() if is_alive(int(path.stem)))

    def _told(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        for path in sorted(self._folder.path.glob("*.json")):
            if path.stem.isdecimal():
                yield path, json.loads(path.read_text(encoding="utf-8"))
