"""Makes a backup, from one moment of the database, while others write."""

import gzip
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from . import archive
from .archive import BackupError, Writer
from .files import Group, groups
from .tables import Table, kept_tables
from .values import as_line

FORMAT = 1
ATTEMPTS = 3
"""How often it is begun again because files were deleted while it was made."""


class _DeletedMeanwhile(Exception):
    """A file that was there when the backup began is gone."""


@dataclass
class Written:
    """What a backup has."""

    rows: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)
    """The files that rows name and that were missing before the backup began."""


def write(path: Path, *, replaces: bool = False) -> Written:
    """Make a backup at `path`, which is there only once it is whole and read again to its end.

    Raises `BackupError` if there is something at that path, unless it `replaces` that.
    """
    if path.exists() and not replaces:
        raise BackupError(f"{path} is there already; name another file, or add --force.")
    part = path.with_name(f"{path.name}.part")
    try:
        # It holds passwords' hashes and drafts: for the account that made it alone.
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            written = _several_times(file)
            file.flush()
            os.fsync(file.fileno())
        archive.check(part)
        part.replace(path)
    except OSError as error:
        raise BackupError(
            f"{path} cannot be written: {error.strerror}. Name a folder with enough space."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return written


def _several_times(file: Any) -> Written:
    for _ in range(ATTEMPTS):
        file.seek(0)
        file.truncate()
        try:
            with _snapshot() as connection, Writer(file) as tar:
                return _write(connection, tar)
        except _DeletedMeanwhile:
            continue
    raise BackupError(
        "Each time files were deleted while they were copied; try again when fewer people work."
    )


@contextmanager
def _snapshot() -> Iterator[Any]:
    """Give a connection of its own that sees one moment of the database, and keeps nobody from writing."""
    with closing(connections[DEFAULT_DB_ALIAS].copy()) as connection:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                # It reads all there is, which takes as long as it takes.
                cursor.execute("SET LOCAL statement_timeout = 0")
            else:
                cursor.execute("BEGIN DEFERRED")
            # The moment is that of the first query.
            cursor.execute(f"SELECT count(*) FROM {MigrationRecorder.Migration._meta.db_table}")  # noqa: S608
            cursor.fetchall()
        yield connection


def _write(connection: Any, tar: Writer) -> Written:
    tables, written = kept_tables(), Written()
    tar.add("backup.json", json.dumps(_header(connection, tables), indent=1).encode())
    for group in groups(connection, tables):
        for name in group.names(connection):
            _add_file(tar, group, name, written)
    for table in tables:
        written.rows += _add_table(connection, tar, table)
    tar.add("missing.txt", "".join(f"{name}\n" for name in written.missing).encode())
    return written


def _header(connection: Any, tables: list[Table]) -> dict[str, Any]:
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "format": FORMAT,
        "version": settings.FRONTEND_API["VERSION"],
        "made_at": timezone.now().isoformat(),
        "database": connection.vendor,
        "migrations": sorted(applied),
        "tables": [table.description() for table in tables],
    }


def _add_file(tar: Writer, group: Group, name: str, written: Written) -> None:
    place = f"{group.label}/{name}"
    try:
        with group.storage.open(name, "rb") as file:
            tar.copy(f"files/{place}", file, group.storage.size(name))
    except FileNotFoundError as error:
        if not group.is_named(connections[DEFAULT_DB_ALIAS], name):
            raise _DeletedMeanwhile from error
        written.missing.append(place)
        return
    written.files += 1


def _add_table(connection: Any, tar: Writer, table: Table) -> int:
    count = 0
    with tempfile.TemporaryFile() as rows:
        with gzip.GzipFile(fileobj=rows, mode="wb", compresslevel=5, mtime=0) as compressed:
            for row in table.read(connection):
                compressed.write(as_line(row))
                count += 1
        size = rows.tell()
        rows.seek(0)
        tar.copy(f"tables/{table.name}.jsonl.gz", rows, size)
    return count
