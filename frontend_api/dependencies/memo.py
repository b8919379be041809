"""Remembers facts that take longer to find the larger a site is, such as the number of pages.

The dependencies of a fact are recorded as those of a response are, and a logged change or the clock ends it in the
same way. So a fact is as exact as a cached response, and it still holds when a page has to be rendered again
just because its text has changed.
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
"""How many bytes a process remembers; the least recently used facts go first."""


class Fact(NamedTuple):
    """A value that was found, and how long it holds."""

    value: Any
    validity: Validity


class Memo:
    """The facts that a process remembers, shared by all threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._facts: Bounded[Hashable, Fact] = Bounded(most_bytes)

    def recall(self, key: Hashable, state: State | None) -> Fact | None:
        """Return the fact for `key`, or None unless it still holds when the change log stands at `state`."""
        fact = self._facts.get(key)
        if state is None or fact is None or not fact.validity.holds(state, timezone.now()):
            return None
        return fact

    def last(self, key: Hashable) -> Fact | None:
        """Return the fact that was last kept for `key`, whether or not it still holds."""
        return self._facts.get(key)

    def keep(
        self, key: Hashable, value: Any, state: State | None, dependencies: Dependencies
    ) -> Fact | None:
        """Remember `value` unless it must not be cached, and return it as it is remembered.

        `state` is where the change log stood before the value was looked for; `dependencies` is what it depends on.
        """
        if state is None or dependencies.uncacheable is not None:
            return None
        validity = Validity(
            since=state,
            seen=versions.current(),
            made_at=timezone.now(),
            until=dependencies.until,
            tags=tuple(dependencies.tags),
        )
        fact = Fact(value, validity)
        self._facts.put(key, fact)
        return fact

    def clear(self) -> None:
        """Forget all facts."""
        self._facts.clear()


def settled_state() -> State | None:
    """Return where the change log stands, or None in a transaction, which may see rows that are never committed."""
    return None if connection.in_atomic_block else versions.current()


facts = Memo()
