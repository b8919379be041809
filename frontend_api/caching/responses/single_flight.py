"""Has what several ask for at once rendered once: the first renders it, and the others look again when it is done.

What is rendered was begun before the others came, so they do not simply take it: they look for it as anybody does, at a
state of the change log that is read after they came. With a cache server, this holds across processes too.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import store

PATIENCE = 10
"""How many seconds the others wait for one; it may never end."""
ELSEWHERE = 2
"""The same for another process, of which nobody hears when it is gone."""
EVERY = 0.02
"""After how many seconds it is looked whether another process is done."""


@dataclass
class Flight:
    """One render, for which others may wait."""

    is_first: bool
    """Whether it is for the caller to render."""
    is_kept: bool = False
    """Whether it was kept, so that others find it; otherwise each of them has to render its own."""
    thread: int = field(default_factory=threading.get_ident)
    done: threading.Event = field(default_factory=threading.Event)


_lock = threading.Lock()
_flights: dict[str, Flight] = {}


@contextmanager
def flight(key: str) -> Iterator[Flight]:
    """Begin to render what is kept for `key`, or wait until somebody has, in this process or in another."""
    with _lock:
        others = _flights.get(key)
        if others is None:
            own = _flights[key] = Flight(is_first=True)
    if others is not None:
        # A thread does not wait for itself.
        if others.thread != threading.get_ident():
            others.done.wait(PATIENCE)
        yield Flight(is_first=False, is_kept=others.is_kept)
        return
    is_claimed = store.claim(key)
    try:
        if is_claimed is False and _is_done_elsewhere(lambda: store.is_claimed(key)):
            yield Flight(is_first=False, is_kept=True)
        else:
            yield own
    finally:
        if is_claimed:
            store.release(key)
        with _lock:
            del _flights[key]
        own.done.set()


def _is_done_elsewhere(is_claimed: Callable[[], bool]) -> bool:
    """Return whether another process was done in time."""
    until = time.monotonic() + ELSEWHERE
    while is_claimed():
        if time.monotonic() >= until:
            return False
        time.sleep(EVERY)
    return True
