"""What takes longer to find the larger a site is, such as how many pages there are, remembered while it holds.

What a fact was made of is recorded as it is for a response, and ends it in the same way: a change of the log, or the
clock. So a fact is as exact as a response from the cache, and holds when a page of which only the text changes is
rendered anew.
"""

from collections.abc import Hashable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from frontend_api.changes import versions
from frontend_api.changes.versions import State, tag_versions

from .bounded import Bounded
from .tracker import Record

MOST_BYTES = 8 * 1024 * 1024
"""How much a process remembers; what was asked for least recently goes first."""


class Fact(NamedTuple):
    """Something that was found, and how long it holds."""

    value: Any
    since: State
    """Where the change log stood before it was looked for."""
    seen: State
    """Where the change log stood when it was found."""
    made_at: datetime
    until: datetime | None
    tags: frozenset[str]


class Remembered:
    """The facts of one process, which all threads share."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._facts: Bounded[Hashable, Fact] = Bounded(most_bytes)

    def recall(self, key: Hashable, state: State | None) -> Fact | None:
        """Return what is known for `key` if it still holds as of `state`."""
        fact = self._facts.get(key)
        return fact if state is not None and fact is not None and _holds(fact, state) else None

    def keep(self, key: Hashable, value: Any, state: State | None, record: Record) -> None:
        """Remember what was found after the log stood at `state`, of what `record` has recorded by now."""
        if state is None or record.refusal is not None:
            return
        tags = frozenset(record.tags)
        fact = Fact(value, state, versions.current(), timezone.now(), record.until, tags)
        self._facts.put(key, fact)

    def clear(self) -> None:
        """Forget everything."""
        self._facts.clear()


def _holds(fact: Fact, state: State) -> bool:
    now = timezone.now()
    in_time = fact.made_at <= now and (fact.until is None or now < fact.until)
    return in_time and tag_versions.unchanged(fact.tags, fact.since, fact.seen, state)


def state() -> State | None:
    """Return where the change log stands, or None in a transaction: what is seen there may never be."""
    return None if connection.in_atomic_block else versions.current()


remembered = Remembered()
