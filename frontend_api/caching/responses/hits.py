"""Answers many reads at once from what is kept, at one state of the change log, which was read after they came.

Whatever decides an answer is looked at each time. What follows from that alone, the bytes of the headers above all, is
remembered with the read, so that the same one takes little more than to find that nothing has changed.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from django.db import Error
from django.utils import timezone

from frontend_api.caching.backends.memory import MemoryCache
from frontend_api.caching.cdn import addresses
from frontend_api.changes.unit_of_work import is_pending
from frontend_api.changes.versions import State
from frontend_api.errors import is_outage

from . import answers, cache_key, cors, headers, lookup, stale, store
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
    kept: Literal["hit", "stale"] | None = None
    """Whether it was kept, and holds or is served for want of anything newer."""


class _Remembered(NamedTuple):
    """The answer at one state of the log, made of one entry."""

    state: State
    entry: Entry
    lifetimes: Lifetimes
    hit: Hit
    memory: MemoryCache | None
    """Where the entry is kept, if in this process."""


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
    except Error as error:
        # What cannot be answered without the database, Django reports in the format that all errors have.
        if is_outage(error):
            return [*hits, *map(_stale, reads[len(hits) :])]
    return hits + [None] * (len(reads) - len(hits))


def at_once(read: Read, state: State) -> Hit | None:
    """Return the answer to a read if it is remembered, without asking anything outside of this process for it."""
    known = read.remembered
    if known is None or known.memory is None:
        return None
    return _remembered(read, known.memory.get(read.key(state.epoch)), state)


def _remembered(read: Read, entry: Entry | None, state: State) -> Hit | None:
    """Return the answer that was made of what is kept, if it would be the same now."""
    known = read.remembered
    if known is None or known.entry is not entry or known.state != state:
        return None
    now = timezone.now()
    is_same = known.lifetimes == headers.lifetimes(None, now) and known.entry.validity.in_time(now)
    return known.hit if is_same else None


def _answer(read: Read, state: State) -> tuple[State, Hit | None]:
    key = read.key(state.epoch)
    entry = store.get(key)
    if (hit := _remembered(read, entry, state)) is not None:
        return state, hit
    found = lookup.judged(key, entry, state)
    if found.entry is None or not found.holds:
        return found.state, None
    allowed = cors.headers(read.environ.get("HTTP_ORIGIN"), found.state)
    asked = Asked(read.environ, key, found.at, allowed)
    hit = as_messages(answers.of_kept(found.entry, asked), "hit")
    lifetimes = headers.lifetimes(None, found.at)
    if _is_constant(found.entry, lifetimes):
        memory = store.memory()
        read.remembered = _Remembered(found.state, found.entry, lifetimes, hit, memory)
    return found.state, hit


def _stale(read: Read) -> Hit | None:
    answer = stale.answer(read.environ)
    return None if answer is None else as_messages(answer, kept="stale")


def _is_constant(entry: Entry, lifetimes: Lifetimes) -> bool:
    """Return whether the answer is the same, and nothing to be written down for it, as long as the log stands still."""
    if entry.size > LARGEST_REMEMBERED:
        return False
    return lifetimes == (0, 0) or (entry.validity.until is None and not addresses.are_needed())


def as_messages(answer: Answer, kept: Literal["hit", "stale"] | None = None) -> Hit:
    """Return an answer as ASGI has it."""
    sent = [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers
    ]
    status = int(answer.status.partition(" ")[0])
    return Hit(
        {"type": "http.response.start", "status": status, "headers": sent},
        {"type": "http.response.body", "body": b"".join(answer.chunks)},
        kept,
    )
