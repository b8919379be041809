"""How long a database may be silent while its answer is waited for, for a block of code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

GRACE = 2
"""A server that ends a statement in time has so many seconds more to say so."""


def is_bounded(connection: Any) -> bool:
    """Return whether a connection of Django's is open, and can be told how long it waits for an answer."""
    return hasattr(connection.connection, "answer_timeout")


@contextmanager
def answering_within(connection: Any, seconds: float) -> Iterator[None]:
    """Have a connection of Django's wait no longer for an answer than that, where it can; 0 changes nothing."""
    if not seconds or not is_bounded(connection):
        yield
        return
    opened = connection.connection
    before = opened.answer_timeout
    opened.answer_timeout = min(seconds, before or seconds)
    try:
        yield
    finally:
        opened.answer_timeout = before
