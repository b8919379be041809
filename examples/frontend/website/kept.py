"""Answers of the API that are kept, each by its address, until one of their tags is purged or changes."""

import re
import sys
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import httpx

MOST_BYTES = 32 * 1024 * 1024
# What holding an answer takes beside what is in it: its place in the table, and the objects around its parts.
OVERHEAD = 1_000


class Moment(NamedTuple):
    """When the API was asked: by the clock, and after how many purges."""

    time: float
    purges: int


@dataclass
class Answer:
    """What the API said, and how long that holds without asking again."""

    body: bytes
    etag: str
    tags: frozenset[str]
    fresh_until: float
    content_type: str
    status: int
    """The HTTP status: that there is no page may be kept, too."""
    size: int
    """How many bytes it takes, with its address and tags: a search that finds nothing is small, and has both."""

    @property
    def is_fresh(self) -> bool:
        """Whether it can be used without asking."""
        return time.monotonic() < self.fresh_until

    @property
    def seconds(self) -> int:
        """For how many seconds more it can be used without asking."""
        return max(0, int(self.fresh_until - time.monotonic()))


class Kept:
    """The answers that are kept; beyond `most_bytes`, those that were used longest ago go first.

    All that holding them takes is counted, addresses and tags too.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._purges = 0
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._most_bytes = self._room = most_bytes
        self.is_followed = True
        """Whether every change is heard of. While it is not, what is kept is not used without asking."""

    def moment(self) -> Moment:
        """Return when an answer is asked for that is asked for now."""
        return Moment(time.monotonic(), self._purges)

    def get(self, address: str) -> Answer | None:
        """Return what is kept of an address."""
        if address in self._answers:
            self._answers.move_to_end(address)
        return self._answers.get(address)

    def keep(
        self,
        address: str,
        response: httpx.Response,
        body: bytes,
        asked: Moment,
        before: Answer | None = None,
    ) -> None:
        """Keep an answer of the API, where it says that others than this reader may have it.

        One that says that nothing has changed is kept as what was there `before`. If anything was purged since it was
        asked for, it may be what was old, and is not used again without asking.
        """
        self._drop(address)
        etag, said = response.headers.get("ETag", ""), response.headers.get("Cache-Control", "")
        lasts = re.search(r"\bs-maxage=(\d{1,9})\b", said)
        if not (etag and lasts):
            return
        age = re.fullmatch(r"\d{1,9}", response.headers.get("Age", ""))
        # A CDN between here and the API may take one of these away.
        names = response.headers.get("Cache-Tag") or response.headers.get("Surrogate-Key", "")
        tags = frozenset(re.findall(r"[^,\s]+", names))
        can_be_purged = bool(tags) and asked.purges == self._purges
        seconds = int(lasts[1]) - int(age[0] if age else 0) if can_be_purged else 0
        parts = (address, body, etag, tags, *tags)
        size = OVERHEAD + sum(map(sys.getsizeof, parts))
        if size > self._most_bytes:
            return
        status = before.status if before else response.status_code
        kind = before.content_type if before else response.headers.get("Content-Type", "")
        fresh_until = asked.time + seconds
        self._answers[address] = Answer(body, etag, tags, fresh_until, kind, status, size)
        self._room -= size
        while self._room < 0:
            self._drop(next(iter(self._answers)))

    def purge(self, tags: Collection[str]) -> int:
        """Drop what has one of these tags, and return how much that was."""
        self._purges += 1
        old = [name for name, kept in self._answers.items() if not kept.tags.isdisjoint(tags)]
        for address in old:
            self._drop(address)
        return len(old)

    def purge_all(self) -> None:
        """Drop everything."""
        self._purges += 1
        self._answers.clear()
        self._room = self._most_bytes

    def _drop(self, address: str) -> None:
        if dropped := self._answers.pop(address, None):
            self._room += dropped.size
