"""Tells caches where the change log stands, and what has changed since an earlier version.

A version alone does not identify its log. After a backup is restored, or a replica that lacks the last changes takes
over, the log hands out the same versions again for other changes. So each version has a random stamp, and what was made
at a version is trusted only if the log has that version with that stamp.
"""

import threading
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections

from frontend_api import conf

from .models import Change, ChangeLog, new_epoch
from .tags import EVERYTHING

# How many changes and how many tags a process keeps in memory; what was cached before them is made again.
MOST_CHANGES = 2_000
MOST_TAGS = 50_000


class State(NamedTuple):
    """Where the change log stands."""

    version: int
    epoch: str
    stamp: int


# Query wrappers (`execute_wrappers`) that need not see the query of `current`.
IGNORED_WRAPPERS: set[Callable[..., Any]] = set()


def current() -> State:
    """Return where the change log stands, by reading one row."""
    database = connections[DEFAULT_DB_ALIAS]
    opened = database.connection
    is_heard = database.queries_logged or not IGNORED_WRAPPERS.issuperset(database.execute_wrappers)
    if opened is None or is_heard:
        with database.cursor() as cursor:
            cursor.execute(CURRENT)
            row = cursor.fetchone()
    else:
        # Django's cursor would take longer than everything else that is needed to answer from a cache.
        with database.wrap_database_errors:
            row = opened.execute(CURRENT).fetchone()
    return State(*row) if row else start()


# This runs for every response, and Django would take longer to build the SQL than the database to answer it.
CURRENT = (
    f"SELECT version, epoch, stamp FROM {ChangeLog._meta.db_table} "  # noqa: S608
    f"WHERE id = {ChangeLog.ONLY}"
)
"""The SQL of it, whose columns are those of a state."""


def start() -> State:
    """Return where the log stands, creating its one row if there is none yet."""
    last = Change.objects.order_by("version").values("version", "stamp").last()
    first: dict[str, Any] = {"epoch": new_epoch(), **(last or {})}
    if conf.read_only():
        # Whoever may write creates it; until then each state is one of its own, at which nothing is kept.
        row = ChangeLog(**first)
        return State(row.version, row.epoch, row.stamp)
    row, _ = ChangeLog.objects.get_or_create(pk=ChangeLog.ONLY, defaults=first)
    return State(row.version, row.epoch, row.stamp)


def changes_between(
    since: State, until: State, most: int
) -> list[tuple[str, str, set[str]]] | None:
    """Return object type, object id and tags of the changes after `since`, including those after `until`.

    Returns None if they are not all known, if there are more than `most`, or if the states are not of one log.
    """
    if since.epoch != until.epoch or not 0 <= until.version - since.version <= most:
        return None
    rows = list(
        Change.objects.filter(version__gte=since.version)
        .order_by("version")
        .values_list("version", "stamp", "object_type", "object_id", "tags")[: most + 2]
    )
    if since.version == 0:
        # Before the first change, all logs are alike.
        rows.insert(0, (0, since.stamp, "", "", []))
    numbers = [row[0] for row in rows]
    if not rows or numbers != [*range(since.version, since.version + len(rows))]:
        return None
    if len(rows) > most + 1 or numbers[-1] < until.version:
        return None
    if rows[0][1] != since.stamp or rows[until.version - since.version][1] != until.stamp:
        return None
    return [(kind, key, set(tags)) for _, _, kind, key, tags in rows[1:]]


class TagVersions:
    """The version in which each tag last changed, as far back as that is known; one instance per process.

    It follows the log: whatever is new is read once, when the next caller asks.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch = ""
        self._begin_at(-1, 0)

    def _begin_at(self, version: int, stamp: int) -> None:
        self.since = self.until = version
        """All changes after `since` up to `until` are known, and the stamps of all versions from `since` on."""
        self._stamps = {version: stamp}
        self._changed: dict[str, int] = {}

    def unchanged(self, tags: Iterable[str], since: State, seen: State, now: State) -> bool:
        """Return whether something made of `tags` is still the same now; False if that is not known.

        The log stood at `since` before it was begun, and at `seen` once it was made: it shows nothing committed later.
        """
        if since == seen == now:
            return True
        if not since.version <= seen.version <= now.version:
            # It is newer than the log, so it comes from another log.
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
        """Read what is new, or start over if this is not the log that was read before."""
        if state.epoch != self._epoch:
            self._epoch = state.epoch
            self._begin_at(-1, 0)
        if state.version <= self.until:
            if self._is_of_this_log(state):
                # Another thread may have read further already.
                return
            self._begin_at(-1, 0)
        rows = self._read(max(self.until, state.version - MOST_CHANGES))
        if not rows or rows[-1][0] < state.version:
            # The log was emptied, and only says where it stands.
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
        """Return version, stamp and tags of the changes from `first` on, oldest first, without those before a gap."""
        changes = Change.objects.filter(version__gte=first).order_by("-version")
        rows = list(changes.values_list("version", "stamp", "tags"))
        known = len(rows)
        for place, ((later, *_), (earlier, *_)) in enumerate(pairwise(rows), 1):
            if earlier != later - 1:
                known = place
                break
        rows = rows[:known][::-1]
        if rows and rows[0][0] == 1:
            # Before the first change, all logs are alike.
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
