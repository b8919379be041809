"""Answers many reads at once from what is kept, at one state of the change log, which was read after they came.

Whatever decides an answer is looked at each time. What follows from that alone, the bytes of the headers above all, is
remembered with the read, so that the same one takes little more than to find that nothing has changed.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import Error
from django.utils import timezone

from frontend_api.caching.cdn import addresses
from frontend_api.changes.unit_of_work import is_pending
from frontend_api.changes.versions import State

from . import answers, cache_key, cors, headers, lookup, store
from .answers import Answer, Asked
from .cache_key import Environ
from .entries import Entry

# In bytes. What is remembered outlives its entry; of larger ones the headers are made each time.
LARGEST_REMEMBERED = 64 * 1024

Lifetimes = tuple[int, int]


class Hit(NamedTuple):
    """An answer, as the two messages that an ASGI application sends."""

    head: dict[str, Any]
    body: dict[str, Any]


class _Remembered(NamedTuple):
    """The answer at one state of the log, made of one entry."""

    state: State
    entry: Entry
    lifetimes: Lifetimes
    hit: Hit


class Read:
    """A read whose answer all clients share, by all that decides it."""

    __slots__ = ("_key", "environ", "remembered")

    def __init__(self, environ: Environ) -> None:
        self.environ = environ
        self._key = ("", "")
        self.remembered: _Remembered | None = None

    def key(self, epoch: str) -> str:
        """Return its key in the cache."""
        if self._key[0] != epoch:
            self._key = epoch, cache_key.key(self.environ, epoch)
        return self._key[1]


def answered(reads: Sequence[Read]) -> list[Hit | None]:
    """Return the answer to each read, or None where it is not kept, does not hold or cannot be known to."""
    hits: list[Hit | None] = []
    if is_pending():
        # As in `serving`; a thread that does nothing else is never in the middle of a change.
        return [None] * len(reads)
    try:
        state = lookup.current_state()
        for read in reads:
            state, hit = _answer(read, state)
            hits.append(hit)
    except Error:
        # Whoever renders them reports it.
        pass
    return hits + [None] * (len(reads) - len(hits))


def _answer(read: Read, state: State) -> tuple[State, Hit | None]:
    key = read.key(state.epoch)
    entry = store.get(key)
    now = timezone.now()
    lifetimes = headers.lifetimes(None, now)
    known = read.remembered
    if (
        known is not None
        and known.entry is entry
        and known.state == state
        and known.lifetimes == lifetimes
        and entry.validity.in_time(now)
    ):
        return state, known.hit
    found = lookup.judged(key, entry, state)
    if found.entry is None or not found.holds:
        return found.state, None
    allowed = cors.headers(read.environ.get("HTTP_ORIGIN"), found.state)
    asked = Asked(read.environ, key, found.at, allowed)
    hit = _as_messages(answers.of_kept(found.entry, asked))
    if _is_constant(found.entry, lifetimes):
        read.remembered = _Remembered(found.state, found.entry, lifetimes, hit)
    return found.state, hit


def _is_constant(entry: Entry, lifetimes: Lifetimes) -> bool:
    """Return whether the answer is the same, and nothing to be written down for it, as long as the log stands still."""
    if entry.size > LARGEST_REMEMBERED:
        return False
    return lifetimes == (0, 0) or (entry.validity.until is None and not addresses.are_needed())


def _as_messages(answer: Answer) -> Hit:
    sent = [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers
    ]
    status = int(answer.status.partition(" ")[0])
    return Hit(
        {"type": "http.response.start", "status": status, "headers": sent},
        {"type": "http.response.body", "body": b"".join(answer.chunks)},
    )
