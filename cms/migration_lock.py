"""A lock that `migrate` holds, so that of two servers which are put up at once one migrates and the other waits."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

KEY = 7_305_018_204_411
"""The key of the advisory lock on PostgreSQL; it is data: another version of this code may run beside this one."""

INTERVAL = 0.5


@contextmanager
def migration_lock(connection: BaseDatabaseWrapper, waiting: Callable[[], Any]) -> Iterator[None]:
    """Hold the lock of a database; call `waiting` once if somebody else holds it.

    Whoever is killed lets go of it. A database in memory has nobody else.
    """
    if connection.vendor == "postgresql":
        lock = _advisory(connection)
    elif _is_file(connection):
        lock = _file(Path(f"{connection.settings_dict['NAME']}-migrate.lock"))
    else:
        yield
        return
    with lock as taken:
        if not taken():
            waiting()
            while not taken():
                time.sleep(INTERVAL)
        yield


@contextmanager
def _advisory(connection: BaseDatabaseWrapper) -> Iterator[Callable[[], bool]]:
    """Give what takes the lock of a PostgreSQL database, on a connection that nothing else closes or rolls back."""
    # Asked again and again, because a lock that is waited for would end with `lock_timeout`.
    with closing(connection.copy()) as own, own.cursor() as cursor:

        def taken() -> bool:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [KEY])
            return bool(cursor.fetchone()[0])

        yield taken


@contextmanager
def _file(path: Path) -> Iterator[Callable[[], bool]]:
    """Give what takes the lock of a SQLite database: a file beside it, since a lock on its own file is SQLite's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:

        def taken() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield taken


def _is_file(connection: BaseDatabaseWrapper) -> bool:
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and ":memory:" not in name and "mode=memory" not in name
