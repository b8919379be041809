"""What has changed since: the question that every cache asks of the change log."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Max

from .models import Change, ChangeLog, new_epoch
from .tags import EVERYTHING

# How many changes, and how many tags of them, a process keeps in memory; what was cached before these is made anew.
MOST_CHANGES = 2_000
MOST_TAGS = 50_000


@dataclass(frozen=True)
class State:
    """Where the change log stands."""

    version: int
    epoch: str


def current() -> State:
    """Return where the change log stands, by one read of one row."""
    database = connections[DEFAULT_DB_ALIAS]
    opened = database.connection
    if opened is None or database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(_CURRENT)
            row = cursor.fetchone()
    else:
        # Django's cursor takes longer than all else that it takes to answer from a cache.
        with database.wrap_database_errors:
            row = opened.execute(_CURRENT).fetchone()
    return State(*row) if row else start()


# The version is read for every response: Django would take longer to write this than the database to answer it.
_CURRENT = f"SELECT version, epoch FROM {ChangeLog._meta.db_table} WHERE id = {ChangeLog.ONLY}"  # noqa: S608


def start() -> State:
    """Return where the log stands; its one row is made where there is none yet."""
    last = Change.objects.aggregate(last=Max("version"))["last"] or 0
    row, _ = ChangeLog.objects.get_or_create(
        pk=ChangeLog.ONLY, defaults={"version": last, "epoch": new_epoch()}
    )
    return State(row.version, row.epoch)


class TagVersions:
    """In which version each tag changed last, as far back as it is known: one for each process.

    It follows the log as it goes: what is new since the last question is read once, whoever asks.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget("")

    def _forget(self, epoch: str) -> None:
        self.epoch = epoch
        self.since = self.until = -1
        """All changes with versions above `since`, up to `until`, are known."""
        self._changed: dict[str, int] = {}

    def unchanged(self, tags: Iterable[str], version: int, state: State) -> bool:
        """Tell whether none of `tags` has changed since `version`, as of `state`; False when that is not known."""
        if version >= state.version:
            return True
        with self._lock:
            self._follow(state)
            if version < self.since:
                return False
            changed = self._changed
            return all(changed.get(tag, -1) <= version for tag in (EVERYTHING, *tags))

    def _follow(self, state: State) -> None:
        if state.epoch != self.epoch:
            self._forget(state.epoch)
        if self.until >= state.version:
            return
        newest = Change.objects.filter(version__gt=max(self.until, state.version - MOST_CHANGES))
        rows = list(newest.order_by("-version").values_list("version", "tags"))
        # Older rows may have been pruned; only what is known without a gap tells anything.
        known = len(rows)
        for place, ((later, _), (earlier, _)) in enumerate(pairwise(rows), 1):
            if earlier != later - 1:
                known = place
                break
        rows = rows[:known][::-1]
        if not rows:
            self._changed, self.since, self.until = {}, state.version, state.version
            return
        if rows[0][0] != self.until + 1:
            self._changed, self.since = {}, rows[0][0] - 1
        for version, tags in rows:
            self._changed.update(dict.fromkeys(tags, version))
        self.until = rows[-1][0]
        if len(self._changed) > MOST_TAGS:
            self._forget_older_half()

    def _forget_older_half(self) -> None:
        versions = sorted(self._changed.values())
        self.since = versions[len(versions) // 2]
        self._changed = {
            tag: version for tag, version in self._changed.items() if version > self.since
        }


tag_versions = TagVersions()
