"""Brings a site in: in one transaction, after the files, so that a crash changes nothing that anybody sees."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction as django_transaction
from django.db.models import FileField
from wagtail.models import Site

from cms.transfer.backups import archive
from cms.transfer.backups.archive import BackupError
from cms.transfer.backups.restoring import put_file
from frontend_api.changes.transaction import transaction

from .exporting import FORMAT
from .matching import Matching
from .records import Record, Records
from .shape import label
from .writing import Writing


@dataclass
class Imported:
    """What an import changes, by the names of things."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class _Archive:
    path: Path
    header: dict[str, Any]
    records: Records
    sums: dict[str, str]
    models: dict[str, Any]


def import_site(path: Path, site: Site | None = None, *, dry_run: bool = False) -> Imported:
    """Bring the site of an archive in as `site`, or the one with the same host; return what that changes.

    A dry run does all of it, and then nothing of it holds.
    """
    archive.check(path)
    with _records(path) as records:
        read = _read(path, records)
        site = site or _site(read.header["site"])
        stored = _store(read, site, dry_run)
        imported = Imported()
        with transaction():
            matching = Matching(read.records, read.models, site)
            writing = Writing(matching, stored, imported)
            writing.write(read.records, read.header["site_name"], tells=not dry_run)
            if dry_run:
                django_transaction.set_rollback(True)
    return imported


def _site(address: str) -> Site:
    host, _, port = address.rpartition(":")
    found = Site.objects.filter(hostname=host, port=port).first()
    sites = list(Site.objects.order_by("pk"))
    if found is None and len(sites) != 1:
        names = ", ".join(f"{site.hostname}:{site.port}" for site in sites) or "none"
        raise BackupError(
            f"There is no site {address} here; name one with --site, of these: {names}."
        )
    return found or sites[0]


def _records(path: Path) -> Records:
    for name, file in archive.entries(path):
        if name == "objects.jsonl.gz":
            with gzip.GzipFile(fileobj=file) as lines:
                return Records(lines)
        if name != "site.json" or json.load(file).get("site_format") != FORMAT:
            break
    raise BackupError(f"{path} is no site that this code reads: write it by export_site.")


def _read(path: Path, records: Records) -> _Archive:
    header: dict[str, Any] = {}
    sums: dict[str, str] = {}
    for name, file in archive.entries(path):
        if name == "site.json":
            header = json.load(file)
        elif name.startswith("files/"):
            sums[name.removeprefix("files/")] = hashlib.file_digest(file, "sha256").hexdigest()
    return _Archive(path, header, records, sums, _models(records))


def _models(records: Iterable[Record]) -> dict[str, Any]:
    """Return the models that an archive names, which have to be those of this code."""
    names: dict[str, set[str]] = {}

    def note(name: str, row: dict[str, Any]) -> None:
        columns = (column for column, _ in (*row["values"], *row["references"]))
        names.setdefault(name, set()).update(columns)

    def note_parts(parts: list[Any]) -> None:
        for name, rows in parts:
            for row in rows:
                note(name, row)
                note_parts(row["parts"])

    for record in records:
        names.setdefault(record["model"], set())
        for name, row in record["tables"].items():
            note(name, row)
        note_parts(record["parts"])
    models: dict[str, Any] = {}
    for name, columns in names.items():
        try:
            models[name] = apps.get_model(name)
        except LookupError as error:
            raise BackupError(f"This code has no model {name}: use that of the archive.") from error
        unknown = columns - {one.column for one in models[name]._meta.local_concrete_fields}
        if unknown:
            raise BackupError(
                f"{name} has no column {sorted(unknown)[0]!r} in this code: use that of the archive."
            )
    return models


def _store(read: _Archive, site: Site, dry_run: bool) -> dict[str, str]:
    """Store the files that are not here yet, and return the name of each here, by its place in the archive."""
    matching = Matching(read.records, read.models, site)
    storages: dict[str, Any] = {}
    here: dict[str, tuple[Any, str]] = {}
    with django_transaction.atomic():
        # Nothing is kept of what looking up might note.
        for record in read.records:
            pk = matching.key([label(read.models[record["model"]]), record["key"]])
            for name, row in record["tables"].items():
                for place, one, _value in _files(read.models[name], row):
                    storages[place] = one.storage
                    if matching.is_new(record):
                        continue
                    rows = one.model._base_manager.filter(pk=pk)
                    if stored_as := rows.values_list(one.name, flat=True).first():
                        here[place] = one.storage, stored_as
            _note_parts(read.models, record["parts"], storages)
        django_transaction.set_rollback(True)
    stored = {
        place: name
        for place, (storage, name) in here.items()
        if _sum(storage, name) == read.sums.get(place)
    }
    if not dry_run:
        for name, file in archive.entries(read.path):
            place = name.removeprefix("files/")
            if name.startswith("files/") and place in storages and place not in stored:
                stored[place] = put_file(storages[place], place.partition("/")[2], file)
    return stored


def _note_parts(models: dict[str, Any], parts: list[Any], storages: dict[str, Any]) -> None:
    for name, rows in parts:
        for row in rows:
            for place, one, _ in _files(models[name], row):
                storages[place] = one.storage
            _note_parts(models, row["parts"], storages)


def _files(model: Any, row: dict[str, Any]) -> list[tuple[str, Any, str]]:
    fields = {
        one.column: one for one in model._meta.local_concrete_fields if isinstance(one, FileField)
    }
    return [
        (f"{model._meta.label}.{fields[column].name}/{value}", fields[column], value)
        for column, value in row["values"]
        if column in fields and value
    ]


def _sum(storage: Any, name: str) -> str | None:
    try:
        with storage.open(name, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
