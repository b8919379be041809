"""Writes the objects of an archive: those that are new, and what is different of those that are here."""

import json
from typing import Any

from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.models import FileField
from django.db.models.signals import post_save, pre_save
from wagtail.embeds.models import Embed

from cms.transfer.backups import tables
from cms.transfer.backups.archive import BackupError
from frontend_api.changes.transaction import invalidate_all

from .drafts import carried, save_draft
from .matching import Matching
from .records import Record, Records
from .references import swapped
from .shape import OF_DRAFTS, REVISIONS, Part, chain, columns, is_translatable, label, parts, table
from .trees import Trees, tagging

Row = dict[str, Any]


class Writing:
    """Writes what an archive has, within a transaction."""

    def __init__(self, matching: Matching, stored: dict[str, str], imported: Any) -> None:
        self._matching = matching
        self._stored = stored
        self._imported = imported
        self._trees = Trees(matching)
        self._changed: list[tuple[Any, Any, bool]] = []
        self._written: set[Any] = set()

    def write(self, records: Records, site_name: str, *, tells: bool) -> None:
        """Write all objects; if it `tells` of them, whoever listens does what follows from it."""
        site = self._matching.site
        for record in records.from_the_top():
            self._write(record)
        self._trees.settle(self._imported)
        for record in records:
            if record.get("draft") is not None:
                self._write_draft(record)
        if site.site_name != site_name:
            site.site_name = site_name
            site.save(update_fields=["site_name"])
            self._imported.updated.append(f"site {site}")
        if tells and (self._imported.created or self._imported.updated):
            self._settle()

    def _write(self, record: Record) -> None:
        model = self._matching.models[record["model"]]
        pk = self._matching.key([label(model), record["key"]])
        is_new = self._matching.is_new(record)
        rows = {one: self._expected(one, record["tables"][one._meta.label]) for one in chain(model)}
        is_changed = self._insert(record, rows, pk) if is_new else self._update(record, rows, pk)
        given = dict(record["parts"])
        for one in chain(model):
            for part in parts(one):
                is_changed |= self._write_parts(part, pk, given.get(part.model._meta.label, []))
        if not is_translatable(model):
            self._matching.identities.keep(label(model), pk, record["key"])
        if not is_changed:
            self._imported.unchanged += 1
            return
        if not is_new:
            self._forget_revisions(rows, pk)
        self._changed.append((model, pk, is_new))
        (self._imported.created if is_new else self._imported.updated).append(_name_of(record))

    def _write_draft(self, record: Record) -> None:
        """Draft an object as it was, now that all that this may name is here."""
        model, matching = self._matching.models[record["model"]], self._matching
        content = carried(
            model, record["draft"], self._key, lambda related, name: matching.key(name)
        )
        pk = matching.key([label(model), record["key"]])
        instance = model._base_manager.get(pk=pk)
        if content is None:
            self._imported.notes.append(f"The draft of {instance} names what is not here.")
        elif save_draft(instance, content) and not matching.is_new(record):
            self._imported.updated.append(f"the draft of {instance}")

    def _expected(self, model: Any, row: Row, but: str = "") -> Row:
        """Return the columns of a row as they are to be here."""
        fields = {one.column: one for one in columns(model, but=but)}
        expected: Row = {}
        for column, value in row["values"]:
            one = fields[column]
            if isinstance(one, FileField) and value:
                value = self._stored.get(f"{model._meta.label}.{one.name}/{value}", value)
            expected[column] = swapped(one, value, self._key)
        for column, reference in row["references"]:
            key = self._matching.key(reference)
            if key is None and not fields[column].null:
                raise _NothingToName(f"{model._meta.verbose_name}: {reference}")
            expected[column] = key
        return expected

    def _key(self, model: Any, key: Any) -> Any:
        # A video is named by its address, which is the same everywhere.
        if model is Embed or key in (None, "", "0"):
            return None
        return self._matching.key([label(model), str(key)])

    def _insert(self, record: Record, rows: dict[Any, Row], pk: Any) -> bool:
        for model, row in rows.items():
            self._insert_row(model, pk, {**row, **self._trees.place_of_new(model, record, row)})
        return True

    def _insert_row(self, model: Any, pk: Any, row: Row) -> None:
        full = {
            one.column: one.get_db_prep_save(one.get_default(), connection)
            for one in model._meta.local_concrete_fields
        }
        full |= {**row, model._meta.pk.column: pk}
        self._written.add(model)
        described = table(model).description() | {"columns": [*full]}
        try:
            tables.write(connection, described, [[*full.values()]])
        except DatabaseError as error:
            raise BackupError(
                f"A {model._meta.verbose_name} cannot be stored: {error}. Nothing was changed."
            ) from error

    def _update(self, record: Record, rows: dict[Any, Row], pk: Any) -> bool:
        is_changed = self._trees.move(record, pk)
        for model, expected in rows.items():
            here = self._read(model, pk)
            different = {
                name: value
                for name, value in expected.items()
                if not _is_same(model, name, here[name], value)
            }
            # A draft that is here alone stays, unless what it is a draft of changes.
            if different.keys() - OF_DRAFTS:
                tables.update(connection, table(model), pk, different)
                is_changed = True
        return is_changed

    def _read(self, model: Any, pk: Any) -> Row:
        names = [column.name for column in table(model).columns]
        row = next(table(model).read(connection, **{model._meta.pk.column: pk}))
        return dict(zip(names, row, strict=True))

    def _forget_revisions(self, rows: dict[Any, Row], pk: Any) -> None:
        """Have editors see what is stored now: what was drafted before stays in the history alone."""
        for model in rows:
            names = {
                one.column: None
                for one in model._meta.local_concrete_fields
                if one.name in REVISIONS
            }
            if names:
                tables.update(connection, table(model), pk, names)

    def _write_parts(self, part: Part, pk: Any, given: list[Row]) -> bool:
        """Make the parts of an object those that are given; return whether they were others."""
        wanted = [one for one in (self._part(part, row) for row in given) if one is not None]
        here = self._parts_here(part, pk)
        if part.column == "image_id" and "filter_spec" in {
            one.column for one in columns(part.model)
        }:
            # Renditions are made as they are needed; those that are here stay.
            known = {(one["row"]["filter_spec"], one["row"]["focal_point_key"]) for one in here}
            missing = [
                one
                for one in wanted
                if (one["row"]["filter_spec"], one["row"]["focal_point_key"]) not in known
            ]
            for one in missing:
                self._insert_part(part, pk, one)
            return bool(missing)
        if _are_same(part, here, wanted):
            return False
        for one in here:
            self._delete_part(part, one)
        for one in wanted:
            self._insert_part(part, pk, one)
        return True

    def _part(self, part: Part, row: Row) -> Row | None:
        try:
            expected = self._expected(part.model, row, but=part.column)
        except _NothingToName as error:
            self._imported.notes.append(f"{error} is not here, and so not named.")
            return None
        return {"pk": row["pk"], "row": expected, "parts": self._parts_of_part(part, row)}

    def _parts_of_part(self, part: Part, row: Row) -> list[tuple[Part, list[Row]]]:
        given = dict(row["parts"])
        found = []
        for below in parts(part.model):
            rows = (self._part(below, one) for one in given.get(below.model._meta.label, []))
            found.append((below, [one for one in rows if one is not None]))
        return found

    def _parts_here(self, part: Part, pk: Any) -> list[Row]:
        names = [column.name for column in table(part.model).columns]
        kept = {one.column for one in columns(part.model, but=part.column)}
        found = []
        where = {part.column: pk, **tagging(part)}
        for values in [*table(part.model).read(connection, **where)]:
            row = dict(zip(names, values, strict=True))
            own = row[part.model._meta.pk.column]
            found.append(
                {
                    "pk": own,
                    "row": {name: value for name, value in row.items() if name in kept},
                    "parts": [(below, self._parts_here(below, own)) for below in parts(part.model)],
                }
            )
        return found

    def _insert_part(self, part: Part, pk: Any, one: Row) -> None:
        own = self._matching.free(part.model, one["pk"])
        self._insert_row(part.model, own, {**one["row"], part.column: pk})
        for below, rows in one["parts"]:
            for row in rows:
                self._insert_part(below, own, row)

    def _delete_part(self, part: Part, one: Row) -> None:
        for below, rows in one["parts"]:
            for row in rows:
                self._delete_part(below, row)
        part.model._base_manager.filter(pk=one["pk"])._raw_delete(DEFAULT_DB_ALIAS)

    def _settle(self) -> None:
        """Tell whoever listens to what is saved, now that all of it is there, and let new rows get free keys."""
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), [*self._written]):
                cursor.execute(sql)
        try:
            connection.check_constraints()
        except DatabaseError as error:
            raise BackupError(
                f"The objects do not fit together: {error}. Nothing was changed."
            ) from error
        for model, pk, is_new in self._changed:
            instance = model._base_manager.get(pk=pk)
            saved = {"sender": model, "instance": instance, "raw": False, "using": DEFAULT_DB_ALIAS}
            pre_save.send(update_fields=None, **saved)
            post_save.send(update_fields=None, created=is_new, **saved)
        invalidate_all()


class _NothingToName(BackupError):
    """What has to be named is neither here nor in the archive."""


def _name_of(record: Record) -> str:
    rows = [dict(row["values"]) for row in record["tables"].values()]
    names = (
        row.get(name)
        for row in rows
        for name in ("title", "name", "old_path", "path", "language_code", "url")
    )
    return f"{record['model']} {next((name for name in names if name), record['key'])}"


def _is_same(model: Any, column: str, here: Any, wanted: Any) -> bool:
    is_json = column in table(model).description()["json"]
    if is_json and isinstance(here, str) and isinstance(wanted, str):
        return bool(json.loads(here) == json.loads(wanted))
    return bool(here == wanted)


def _are_same(part: Part, here: list[Row], wanted: list[Row]) -> bool:
    if len(here) != len(wanted):
        return False
    return all(
        all(
            _is_same(part.model, name, one["row"].get(name), value)
            for name, value in other["row"].items()
        )
        and all(
            _are_same(below, rows, others)
            for (below, rows), (_, others) in zip(one["parts"], other["parts"], strict=True)
        )
        for one, other in zip(here, wanted, strict=True)
    )
