"""Test databases: migrated once a run, then copied for every process that tests.

Migrating takes many seconds and a copy takes a fraction of one. The copy is also put back whole after each test
that commits, so that such a test, like any other, starts from the data that the migrations made.

SQLite databases are files, as in production. PostgreSQL is the server at `DATABASE_URL`, or one that
`tests.postgres` starts. All processes of a run share one folder, which holds the lock and says what has been made.
The files lie where a disk has nothing to write, if there is room: they are copied all the time, and thrown away.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from tests import postgres

# A file system in memory, which Linux has, and how many bytes have to be free there.
MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3


class Databases(Protocol):
    """What an engine can do with databases that are known by name."""

    def start(self) -> None:
        """Make sure that databases can be made, and tell Django where."""

    def use(self, name: str) -> None:
        """Point Django at the database `name`."""

    def copy(self, source: str, target: str) -> None:
        """Make `target` equal to `source`, whether it exists or not."""

    def stop(self) -> None:
        """Leave nothing running and nothing behind outside the folder of the run."""


class SqliteDatabases:
    """Databases that are files in the folder of the run."""

    def __init__(self, folder: Path) -> None:
        """Keep the files where those of a run with that folder are."""
        self.folder = place(folder)

    def start(self) -> None:
        """Do nothing: a file needs no server."""

    def use(self, name: str) -> None:
        """Point Django at the file for `name`."""
        connections.close_all()
        connection.settings_dict["NAME"] = str(self._path(name))

    def copy(self, source: str, target: str) -> None:
        """Copy through SQLite, which also works while other threads have `target` open."""
        connections.close_all()
        with (
            closing(sqlite3.connect(self._path(source))) as origin,
            closing(sqlite3.connect(self._path(target))) as copy,
        ):
            origin.backup(copy)

    def stop(self) -> None:
        """Do nothing: the files go with the folder."""

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"


class PostgresDatabases:
    """Databases of a PostgreSQL server, under names that no other run has."""

    def __init__(self, folder: Path) -> None:
        """Use the server at `DATABASE_URL`, or one of our own in `folder`."""
        self.prefix = f"test_{folder.name}".lower().replace("-", "_")
        self.own_server = (
            None if settings.TEST_SERVER_URL else postgres.Server(place(folder) / "postgres")
        )

    def start(self) -> None:
        """Start our own server, unless another process of the run has, and tell Django where it is."""
        if self.own_server:
            self.own_server.start()
            address = {"HOST": str(self.own_server.socket_folder), "USER": postgres.SUPERUSER}
            connection.settings_dict.update(address)

    @cached_property
    def _administration(self) -> dict[str, Any]:
        """How to connect to the database that the settings name; from there, others are made and dropped."""
        return {**connection.get_connection_params(), "autocommit": True}

    def use(self, name: str) -> None:
        """Point Django at the database for `name`, which is made where it is missing."""
        connections.close_all()
        full_name = f"{self.prefix}_{name}"
        with self._administrator() as server:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not server.execute(query, [full_name]).fetchone():
                server.execute(sql.SQL("CREATE DATABASE {}").format(self._identifier(name)))
        connection.settings_dict["NAME"] = full_name

    def copy(self, source: str, target: str) -> None:
        """Copy by `CREATE DATABASE … TEMPLATE`; whoever is still connected to `target` is cut off."""
        connections.close_all()
        query = "CREATE DATABASE {} TEMPLATE {}"
        if self.own_server:
            # Where nothing has to survive, this takes half as long as writing all of it to the log as well.
            query += " STRATEGY FILE_COPY"
        with self._administrator() as server:
            self._drop(server, self._identifier(target))
            server.execute(
                sql.SQL(query).format(self._identifier(target), self._identifier(source))
            )

    def stop(self) -> None:
        """Stop our own server, or drop the databases of this run from somebody else's."""
        if self.own_server:
            self.own_server.stop()
            return
        with self._administrator() as server:
            query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
            for (name,) in server.execute(query, [f"{self.prefix}_"]).fetchall():
                self._drop(server, sql.Identifier(name))

    def _administrator(self) -> psycopg.Connection:
        return psycopg.connect(**self._administration)

    def _identifier(self, name: str) -> sql.Identifier:
        return sql.Identifier(f"{self.prefix}_{name}")

    @staticmethod
    def _drop(server: psycopg.Connection, database: sql.Identifier) -> None:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))


def keep_in_memory(folder: Path) -> None:
    """Have the databases of the run whose folder this is lie in memory, if there is room for them."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        target = MEMORY / folder.name
        target.mkdir(mode=0o700)
        (folder / "databases").symlink_to(target)


def place(folder: Path) -> Path:
    """Return the folder in which the files of databases lie."""
    chosen = folder / "databases"
    return chosen.resolve() if chosen.exists() else folder


def for_run(folder: Path) -> Databases:
    """Return the databases of the engine that the settings name, for the run whose folder this is."""
    return (
        PostgresDatabases(folder)
        if settings.TEST_DATABASE == "postgres"
        else SqliteDatabases(folder)
    )


@contextmanager
def one_process_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the lock of the run, so that only one process starts the server, migrates, or copies."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def own_copy(databases: Databases, folder: Path, process: str) -> None:
    """Give `process` its own copy of the migrated database, and point Django at it.

    Whichever process comes first migrates; a run in which no test needs a database never does.
    """
    with one_process_at_a_time(folder):
        databases.start()
        migrated = folder / "migrated"
        if not migrated.exists():
            databases.use("template")
            call_command("migrate", interactive=False, verbosity=0)
            migrated.touch()
        databases.copy("template", process)
        databases.use(process)


def put_back(databases: Databases, folder: Path, process: str) -> None:
    """Undo everything that was committed to the copy of `process`."""
    with one_process_at_a_time(folder):
        databases.copy("template", process)


def close() -> None:
    """Let go of the database."""
    connections.close_all()
