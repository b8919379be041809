"""What takes longer to find the larger a site is, such as how many pages there are, remembered while it holds.

What a fact was made of is recorded as it is for a response, and ends it in the same way: a change of the log, or the
clock. So a fact is as exact as a response from the cache, and holds when a page of which only the text changes is
rendered anew.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from frontend_api.changes import versions
from frontend_api.changes.versions import State, tag_versions

from .record import Record

MOST = 1_000
"""How many facts a process remembers; what was asked for least recently goes first."""


class Fact(NamedTuple):
    """Something that was found, and how long it holds."""

    value: Any
    state: State
    """Where the change log stood before it was looked for."""
    made_at: datetime
    until: datetime | None
    tags: frozenset[str]


class Remembered:
    """The facts of one process, which all threads share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: OrderedDict[Hashable, Fact] = OrderedDict()

    def recall(self, key: Hashable, state: State | None) -> Fact | None:
        """Return what is known for `key` if it still holds as of `state`."""
        fact = self._facts.get(key)
        if state is None or fact is None or not _holds(fact, state):
            return None
        with self._lock:
            if key in self._facts:
                self._facts.move_to_end(key)
        return fact

    def keep(self, key: Hashable, value: Any, state: State | None, record: Record) -> None:
        """Remember what was found after the log stood at `state`, of what `record` has recorded by now."""
        if state is None or record.refusal is not None:
            return
        fact = Fact(value, state, timezone.now(), record.until, frozenset(record.tags))
        with self._lock:
            self._facts[key] = fact
            self._facts.move_to_end(key)
            while len(self._facts) > MOST:
                self._facts.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._facts.clear()


def _holds(fact: Fact, state: State) -> bool:
    now = timezone.now()
    in_time = fact.made_at <= now and (fact.until is None or now < fact.until)
    is_known = fact.state.epoch == state.epoch
    return in_time and is_known and tag_versions.unchanged(fact.tags, fact.state.version, state)


def state() -> State | None:
    """Return where the change log stands, or None in a transaction: what is seen there may never be."""
    return None if connection.in_atomic_block else versions.current()


remembered = Remembered()
