"""Puts a backup back, in one transaction: until its end, and after a crash, everything is as before."""

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import SuspiciousOperation
from django.core.files import File
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Site

from frontend_api.changes.transaction import invalidate_all, transaction
from frontend_api.search import indexing
from frontend_api.webhooks.models import WebhookRecipient

from . import archive, tables
from .archive import BackupError
from .files import Group, Renamed, groups, rename, storage_of
from .tables import Table, all_tables
from .values import from_line
from .writing import FORMAT


@dataclass
class Restored:
    """What was put back."""

    rows: int = 0
    files: int = 0
    missing: int = 0
    """How many files that rows name were missing when the backup was made."""


def restore(path: Path, *, replaces: bool = False, is_copy: bool = False) -> Restored:
    """Put back what is in the archive at `path`, which is first read to its end.

    Raises `BackupError` if the database has content, unless the backup `replaces` that. A copy, for trying something
    out, has its webhooks switched off.
    """
    archive.check(path)
    header = _header(path)
    connection = connections[DEFAULT_DB_ALIAS]
    is_older = _prepare(connection, header, replaces)
    restored = Restored()
    renamed = _put_files(path, groups(connection, all_tables()), restored)
    with transaction():
        _empty(connection, header)
        _fill(connection, path, header, renamed, restored)
        _settle_rows(connection)
        if not is_older:
            _settle(is_copy)
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()
    if is_older:
        call_command("migrate", interactive=False, verbosity=0)
        with transaction():
            _settle(is_copy)
    # That of the admin, which is written in many transactions.
    call_command("update_index", verbosity=0)
    return restored


def _header(path: Path) -> dict[str, Any]:
    with closing(archive.entries(path)) as entries:
        name, file = next(entries)
        if name != "backup.json":
            raise BackupError(f"{path} is no backup of this service: it begins with {name!r}.")
        header: dict[str, Any] = json.load(file)
    if header.get("format") != FORMAT:
        raise BackupError(
            f"{path} has the form {header.get('format')!r}, and this code reads {FORMAT}: "
            f"use the code of version {header.get('version')}."
        )
    return header


def _prepare(connection: Any, header: dict[str, Any], replaces: bool) -> bool:
    """Bring the tables to where they were in the backup; return whether they have to be migrated on from there."""
    recorded = {(app, name) for app, name in header["migrations"]}
    loader = MigrationExecutor(connection).loader
    # Those that a later one stands for are recorded as well, and are not in the graph.
    unknown, nodes = sorted(recorded - set(loader.disk_migrations)), set(loader.graph.nodes)
    if unknown:
        names = ", ".join(f"{app} {name}" for app, name in unknown[:3])
        raise BackupError(
            f"The backup is of code with migrations that this code does not have ({names}): use that code."
        )
    applied = set(loader.applied_migrations)
    if applied and _has_content(connection) and not replaces:
        raise BackupError(
            "The database has content, which would be replaced: name an empty one in DATABASE_URL, or add --force."
        )
    is_older = bool(nodes - recorded)
    if not applied:
        if is_older:
            MigrationExecutor(connection).migrate(_ends(loader.graph, recorded & nodes))
        else:
            call_command("migrate", interactive=False, verbosity=0)
    elif recorded & nodes != applied & nodes:
        raise BackupError(
            "The backup is of other migrations than this database has: restore it into an empty one, which is migrated "
            "to where the backup was, and on from there."
        )
    return is_older


def _ends(graph: Any, recorded: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the last migrations of each app among those that are recorded."""
    return sorted(
        node
        for node in recorded
        if not any(
            child.key in recorded and child.key[0] == node[0]
            for child in graph.node_map[node].children
        )
    )


CONTENT = {"cms.User", "wagtailcore.Revision", "cms.CmsImage", "cms.CmsDocument"}
"""The models of which an untouched database has no row."""


def _has_content(connection: Any) -> bool:
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in all_tables():
            if table.model._meta.label in CONTENT and table.name in existing:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table.name)} LIMIT 1")  # noqa: S608
                if cursor.fetchone():
                    return True
    return False


def _put_files(path: Path, known: list[Group], restored: Restored) -> Renamed:
    """Store the files beside those that are there, none of which is touched."""
    renamed: Renamed = {}
    for entry, file in archive.entries(path):
        if entry == "missing.txt":
            restored.missing = len(file.read().splitlines())
        folder, _, place = entry.partition("/")
        label, _, name = place.partition("/")
        if folder != "files":
            continue
        storage = storage_of(label, known)
        try:
            stored = put_file(storage, name, file)
        except (OSError, SuspiciousOperation) as error:
            raise BackupError(
                f"{name} cannot be stored: {error}. See that the service may write where media are kept."
            ) from error
        if stored != name:
            renamed[label, name] = stored
        restored.files += 1
    return renamed


def put_file(storage: Any, name: str, file: Any) -> str:
    """Store a file under this name, or another one where a different file has that; return its name."""
    # Storages may read a file more than once, which an archive does not allow.
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        # It may be what an attempt before has left, or the very file: then there is nothing to do.
        if storage.exists(name) and _is_same(storage, name, copy):
            return name
        copy.seek(0)
        stored: str = storage.save(name, File(copy, name))
        return stored


def _is_same(storage: Any, name: str, file: Any) -> bool:
    file.seek(0)
    with storage.open(name, "rb") as there:
        before = hashlib.file_digest(there, "sha256").digest()
    return hashlib.file_digest(file, "sha256").digest() == before


def _empty(connection: Any, header: dict[str, Any]) -> None:
    names = {table.name for table in all_tables()} | {one["table"] for one in header["tables"]}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = 0")
        # Foreign keys are looked at when all is done.
        for name in sorted(names & set(connection.introspection.table_names(cursor))):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - names of ours.


def _fill(
    connection: Any, path: Path, header: dict[str, Any], renamed: Renamed, restored: Restored
) -> None:
    described = {one["table"]: one for one in header["tables"]}
    known = {table.name: table for table in all_tables()}
    for entry, file in archive.entries(path):
        if not entry.startswith("tables/"):
            continue
        name = entry.removeprefix("tables/").removesuffix(".jsonl.gz")
        rows = _rows(file, known.get(name), described[name]["columns"], renamed, restored)
        try:
            tables.write(connection, described[name], rows)
        except (DatabaseError, ValueError) as error:
            raise BackupError(
                f"The rows of {name} cannot be stored: {error}. Nothing was changed."
            ) from error


def _rows(
    file: Any, table: Table | None, columns: list[str], renamed: Renamed, restored: Restored
) -> Iterator[list[Any]]:
    with gzip.GzipFile(fileobj=file) as lines:
        for line in lines:
            restored.rows += 1
            row = from_line(line)
            yield rename(table, columns, row, renamed) if table and renamed else row


def _settle_rows(connection: Any) -> None:
    """Let new rows get keys that none has, and see that all rows fit together."""
    existing = set(connection.introspection.table_names())
    models = [table.model for table in all_tables() if table.name in existing]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)
    try:
        connection.check_constraints()
    except DatabaseError as error:
        raise BackupError(f"The rows do not fit together: {error}. Nothing was changed.") from error


def _settle(is_copy: bool) -> None:
    """Do what follows from all rows being others."""
    ContentType.objects.clear_cache()
    if is_copy:
        WebhookRecipient.objects.update(is_enabled=False)
    indexing.rebuild()
    # Whatever was kept of the database as it was before, by whomever, is old now.
    invalidate_all()
