"""What takes longer to find the larger a site is, such as how many pages there are, remembered while it holds.

What a fact was made of is recorded as it is for a response, and ends it in the same way: a change of the log, or the
clock. So a fact is as exact as a response from the cache, and holds when a page of which only the text changes is
rendered anew.
"""

from collections.abc import Hashable
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from frontend_api.changes import versions
from frontend_api.changes.versions import State

from .bounded import Bounded
from .tracker import Dependencies
from .validity import Validity

MOST_BYTES = 8 * 1024 * 1024
"""How much a process remembers; what was asked for least recently goes first."""


class Fact(NamedTuple):
    """Something that was found, and how long it holds."""

    value: Any
    validity: Validity


class Memo:
    """The facts of one process, which all threads share."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._facts: Bounded[Hashable, Fact] = Bounded(most_bytes)

    def recall(self, key: Hashable, state: State | None) -> Fact | None:
        """Return what is known for `key` if it still holds as of `state`."""
        fact = self._facts.get(key)
        if state is None or fact is None or not fact.validity.holds(state, timezone.now()):
            return None
        return fact

    def keep(
        self, key: Hashable, value: Any, state: State | None, dependencies: Dependencies
    ) -> None:
        """Remember what was found after the log stood at `state`, made of what `dependencies` has by now."""
        if state is None or dependencies.uncacheable is not None:
            return
        validity = Validity(
            since=state,
            seen=versions.current(),
            made_at=timezone.now(),
            until=dependencies.until,
            tags=tuple(dependencies.tags),
        )
        self._facts.put(key, Fact(value, validity))

    def clear(self) -> None:
        """Forget everything."""
        self._facts.clear()


def settled_state() -> State | None:
    """Return where the change log stands, or None in a transaction: what is seen there may never be."""
    return None if connection.in_atomic_block else versions.current()


facts = Memo()
