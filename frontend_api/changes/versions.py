"""What has changed since: the question that every cache asks of the change log.

A version alone does not say of which log it is. Whoever puts back a backup, or goes on with a replica that lacks the
last changes, has a log that gives out the same versions again, for other changes. So each version has a stamp, drawn at
random, and what was made at a version is known only where the log has that version with that stamp.
"""

import threading
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections

from .models import Change, ChangeLog, new_epoch
from .tags import EVERYTHING

# How many changes, and how many tags of them, a process keeps in memory; what was cached before these is made anew.
MOST_CHANGES = 2_000
MOST_TAGS = 50_000


class State(NamedTuple):
    """Where the change log stands."""

    version: int
    epoch: str
    stamp: int


# Wrappers of queries that this one is nothing to.
UNCONCERNED: set[Callable[..., Any]] = set()


def current() -> State:
    """Return where the change log stands, by one read of one row."""
    database = connections[DEFAULT_DB_ALIAS]
    opened = database.connection
    is_heard = database.queries_logged or not UNCONCERNED.issuperset(database.execute_wrappers)
    if opened is None or is_heard:
        with database.cursor() as cursor:
            cursor.execute(_CURRENT)
            row = cursor.fetchone()
    else:
        # Django's cursor takes longer than all else that it takes to answer from a cache.
        with database.wrap_database_errors:
            row = opened.execute(_CURRENT).fetchone()
    return State(*row) if row else start()


# The version is read for every response: Django would take longer to write this than the database to answer it.
_CURRENT = (
    f"SELECT version, epoch, stamp FROM {ChangeLog._meta.db_table} "  # noqa: S608
    f"WHERE id = {ChangeLog.ONLY}"
)


def start() -> State:
    """Return where the log stands; its one row is made where there is none yet."""
    last = Change.objects.order_by("version").values("version", "stamp").last()
    row, _ = ChangeLog.objects.get_or_create(
        pk=ChangeLog.ONLY, defaults={"epoch": new_epoch(), **(last or {})}
    )
    return State(row.version, row.epoch, row.stamp)


class TagVersions:
    """In which version each tag changed last, as far back as it is known: one for each process.

    It follows the log as it goes: what is new since the last question is read once, whoever asks.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch = ""
        self._begin_at(-1, 0)

    def _begin_at(self, version: int, stamp: int) -> None:
        self.since = self.until = version
        """All changes with versions above `since`, up to `until`, are known, and the stamps of all from `since` on."""
        self._stamps = {version: stamp}
        self._changed: dict[str, int] = {}

    def unchanged(self, tags: Iterable[str], since: State, seen: State, now: State) -> bool:
        """Tell whether what was made of `tags` is the same now; False when that is not known.

        It was begun when the log stood at `since`, and all that it shows was committed when the log stood at `seen`.
        """
        if since == seen == now:
            return True
        if not since.version <= seen.version <= now.version:
            # What is newer than the log is of another one.
            return False
        with self._lock:
            self._follow(now)
            if not (self._is_of_this_log(since) and self._is_of_this_log(seen)):
                return False
            changed = self._changed
            return all(changed.get(tag, -1) <= since.version for tag in (EVERYTHING, *tags))

    def _is_of_this_log(self, state: State) -> bool:
        return state.epoch == self._epoch and self._stamps.get(state.version) == state.stamp

    def _follow(self, state: State) -> None:
        """Read what is new, or all anew where the log is not the one that was read before."""
        if state.epoch != self._epoch:
            self._epoch = state.epoch
            self._begin_at(-1, 0)
        if state.version <= self.until:
            if self._is_of_this_log(state):
                # Somebody else may have followed the log further already.
                return
            self._begin_at(-1, 0)
        rows = self._read(max(self.until, state.version - MOST_CHANGES))
        if not rows or rows[-1][0] < state.version:
            # The log was emptied, and says where it stands and nothing more.
            self._begin_at(state.version, state.stamp)
            return
        first, stamp, _ = rows[0]
        if first != self.until or stamp != self._stamps[self.until]:
            self._begin_at(first, stamp)
        for version, stamp, tags in rows[1:]:
            self._stamps[version] = stamp
            self._changed.update(dict.fromkeys(tags, version))
        self.until = rows[-1][0]
        if len(self._changed) > MOST_TAGS or len(self._stamps) > 2 * MOST_CHANGES:
            self._forget_older_half()

    def _read(self, first: int) -> list[tuple[int, int, list[str]]]:
        """Return the changes from version `first` on, the oldest first; what was pruned leaves no gap among them."""
        changes = Change.objects.filter(version__gte=first).order_by("-version")
        rows = list(changes.values_list("version", "stamp", "tags"))
        known = len(rows)
        for place, ((later, *_), (earlier, *_)) in enumerate(pairwise(rows), 1):
            if earlier != later - 1:
                known = place
                break
        rows = rows[:known][::-1]
        if rows and rows[0][0] == 1:
            # Where nothing had happened yet, nothing can differ.
            rows.insert(0, (0, 0, []))
        return rows

    def _forget_older_half(self) -> None:
        versions = sorted(self._stamps)
        self.since = versions[len(versions) // 2]
        if len(self._changed) > MOST_TAGS:
            changed = sorted(self._changed.values())
            self.since = max(self.since, changed[len(changed) // 2])
        self._stamps = {
            version: stamp for version, stamp in self._stamps.items() if version >= self.since
        }
        self._changed = {
            tag: version for tag, version in self._changed.items() if version > self.since
        }


tag_versions = TagVersions()
