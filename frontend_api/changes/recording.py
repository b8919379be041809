"""Writes changes into the log, in the transaction that makes them.

In `recording`, all changes of a transaction are written together, just before it is committed, so that the row which
hands out versions is locked for a moment only, and two transactions that wait for each other's rows never wait for it
too. Elsewhere each change is written as soon as it is made.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone
from wagtail.log_actions import get_active_log_context

from .models import Change, ChangeLog, Kind, new_epoch
from .tags import EVERYTHING
from .versions import start

changes_committed = Signal()
"""Sent after a transaction with changes is committed, with the versions that it has: `first` and `last`."""

# Of several things that happen to an object in one transaction, the first of these is what happened.
_WEIGHTIEST = [
    *(Kind.BUMPED, Kind.DELETED, Kind.PUBLISHED, Kind.UNPUBLISHED, Kind.RESTRICTED),
    *(Kind.UNRESTRICTED, Kind.MOVED, Kind.UPDATED),
]


@dataclass
class Made:
    """A change that is made and not yet written."""

    kind: Kind
    object_type: str = ""
    object_id: str = ""
    path_before: str = ""
    path_after: str = ""
    site_id: int | None = None
    locale: str = ""
    tags: set[str] = field(default_factory=set)
    made_by: str = field(default_factory=lambda: _user_name())

    def merge(self, later: "Made") -> None:
        """Take in what happened to the same object later on."""
        self.kind = min(self.kind, later.kind, key=_weight)
        self.path_after = later.path_after
        self.site_id = later.site_id or self.site_id
        self.locale = later.locale or self.locale
        self.tags |= later.tags


def _user_name() -> str:
    """Return who is at work in the admin, which Wagtail knows for as long as the view runs, or nothing."""
    user = get_active_log_context().user
    return user.get_username() if user is not None else ""


def _weight(kind: Kind) -> int:
    return _WEIGHTIEST.index(kind) if kind in _WEIGHTIEST else len(_WEIGHTIEST)


class _Recorder:
    """The changes of one transaction, each with the callback by which Django tells whether it was rolled back."""

    def __init__(self) -> None:
        self.made: list[tuple[Made, Callable[[], None]]] = []
        self.last_acts: list[tuple[tuple[Hashable, Callable[[], None]], Callable[[], None]]] = []

    def add(self, made: Made) -> None:
        self.made.append((made, _kept()))

    def write(self) -> None:
        # Of several acts with one key the last counts, of those that no savepoint took back.
        acts: dict[Hashable, Callable[[], None]] = dict(_left(self.last_acts))
        self.last_acts = []
        if acts:
            _lock()
        for act in acts.values():
            act()
        _write(_left(self.made))
        self.made = []


def _kept() -> Callable[[], None]:
    """Return something that stands among the callbacks of the transaction until a savepoint takes it back."""
    callback = partial(_nothing)
    transaction.on_commit(callback)
    return callback


def _left(things: Iterable[tuple[Any, Callable[[], None]]]) -> list[Any]:
    """Return the things that were not taken back."""
    kept = {id(callback) for _, callback, *_ in connection.run_on_commit}
    return [thing for thing, callback in things if id(callback) in kept]


def _nothing() -> None:
    """Stand among the callbacks of a transaction."""


_current: ContextVar[_Recorder | None] = ContextVar("recorder", default=None)


@contextmanager
def recording() -> Iterator[None]:
    """Make what is done here one transaction, whose changes are written just before it is committed."""
    if _current.get() is not None:
        with transaction.atomic():
            yield
        return
    recorder = _Recorder()
    token = _current.set(recorder)
    try:
        with transaction.atomic():
            yield
            if not transaction.get_rollback():
                recorder.write()
            # What is done once this is committed, such as making renditions, has changes of its own.
            _current.set(None)
    finally:
        _current.reset(token)


def is_pending() -> bool:
    """Tell whether there are changes here that are made and not yet written."""
    recorder = _current.get()
    return recorder is not None and bool(recorder.made or recorder.last_acts)


def record(made: Made) -> None:
    """Write a change, or have it written with the others of its transaction."""
    recorder = _current.get()
    if recorder is not None:
        recorder.add(made)
    else:
        with transaction.atomic():
            _write([made])


def at_the_end(key: Hashable, act: Callable[[], None]) -> None:
    """Do something just before the transaction is committed, once for each key, while no other transaction does so.

    It is for what two transactions would write in different orders, and so wait for each other without end.
    """
    with recording():
        recorder = _current.get()
        assert recorder is not None  # noqa: S101 - within `recording` there is one.
        recorder.last_acts.append(((key, act), _kept()))


def bump() -> int:
    """Log that everything may have changed, so that nothing cached before is served again; return the version."""
    with transaction.atomic():
        start()
        ChangeLog.objects.filter(pk=ChangeLog.ONLY).update(epoch=new_epoch())
        return _write([Made(Kind.BUMPED, tags={EVERYTHING})])


def _write(made: list[Made]) -> int:
    """Write changes under the next versions, and return the last one."""
    changes = _merged(made)
    if not changes:
        return 0
    last = _next_versions(len(changes))
    now = timezone.now()
    Change.objects.bulk_create(
        Change(
            version=version,
            kind=one.kind,
            object_type=one.object_type,
            object_id=one.object_id,
            path_before=one.path_before,
            path_after=one.path_after,
            site_id=one.site_id,
            locale=one.locale,
            tags=sorted(one.tags),
            made_at=now,
            made_by=one.made_by,
        )
        for version, one in enumerate(changes, last - len(changes) + 1)
    )
    first = last - len(changes) + 1
    transaction.on_commit(lambda: changes_committed.send(sender=Change, first=first, last=last))
    return last


def _merged(made: list[Made]) -> list[Made]:
    merged: dict[tuple[str, str, str], Made] = {}
    for one in made:
        # What has no id is one of a kind.
        key = (one.object_type, one.object_id, "" if one.object_id else one.kind)
        if key in merged:
            merged[key].merge(one)
        else:
            merged[key] = one
    return list(merged.values())


def _lock() -> None:
    """Keep other transactions from handing out versions until this one ends."""
    if not ChangeLog.objects.filter(pk=ChangeLog.ONLY).update(version=F("version")):
        start()
        _lock()


def _next_versions(count: int) -> int:
    """Hand out `count` versions and return the last; the row stays locked until the transaction ends."""
    log = ChangeLog.objects.filter(pk=ChangeLog.ONLY)
    if not log.update(version=F("version") + count):
        start()
        log.update(version=F("version") + count)
    return log.values_list("version", flat=True).get()
