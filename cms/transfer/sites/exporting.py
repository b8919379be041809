"""Writes all of one site, and what it shows, into an archive."""

import gzip
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import FileField
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, Site

from cms.transfer.backups import archive
from cms.transfer.backups.archive import BackupError, Writer
from cms.transfer.backups.values import as_line
from frontend_api.changes.transaction import transaction
from frontend_api.introspection import has_drafts, site_content
from frontend_api.redirects.models import FormerPath

from .drafts import carried, draft_of
from .identities import Identities
from .leads import leads_of
from .references import swapped
from .shape import NAMED, Part, chain, columns, is_translatable, label, parts, root, table

FORMAT = 1


@dataclass
class Exported:
    """What an archive has."""

    objects: int = 0
    files: int = 0
    notes: list[str] = field(default_factory=list)
    """What was left out, and why."""


def export_site(
    path: Path, site: Site, *, drafts: bool = False, replaces: bool = False
) -> Exported:
    """Write a site to the archive `path`; with `drafts`, what is not published as well.

    Raises `BackupError` if there is something at that path, unless it `replaces` that.
    """
    if path.exists() and not replaces:
        raise BackupError(f"{path} is there already; name another file, or add --force.")
    part = path.with_name(f"{path.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, tempfile.TemporaryFile() as lines:
            selection = _Selection(site, drafts)
            # One moment of the database; the files come after it.
            with transaction(), gzip.GzipFile(fileobj=lines, mode="wb", mtime=0) as compressed:
                for record in selection.records():
                    compressed.write(as_line(record))
            exported = _write(file, lines, selection)
            file.flush()
            os.fsync(file.fileno())
        archive.check(part)
        part.replace(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return exported


def _write(file: Any, lines: Any, selection: "_Selection") -> Exported:
    site, exported = selection.site, Exported(selection.count, notes=selection.notes)
    with Writer(file) as tar:
        header = {
            "site_format": FORMAT,
            "version": settings.FRONTEND_API["VERSION"],
            "made_at": timezone.now().isoformat(),
            "site": f"{site.hostname}:{site.port}",
            "site_name": site.site_name,
        }
        tar.add("site.json", json.dumps(header, indent=1).encode())
        size = lines.tell()
        lines.seek(0)
        tar.copy("objects.jsonl.gz", lines, size)
        for place, (storage, name) in selection.files.items():
            try:
                with storage.open(name, "rb") as content:
                    tar.copy(f"files/{place}", content, storage.size(name))
            except FileNotFoundError:
                exported.notes.append(f"The file {name} is missing.")
                continue
            exported.files += 1
    return exported


class _Selection:
    """The objects of a site, found from its pages on."""

    def __init__(self, site: Site, drafts: bool) -> None:
        self.site = site
        self.files: dict[str, tuple[Any, str]] = {}
        self.notes: list[str] = []
        self.count = 0
        self._drafts = drafts
        self._identities = Identities()
        self._keys = {
            pk: f"{key}.{language}"
            for pk, key, language in Page.objects.values_list(
                "pk", "translation_key", "locale__language_code"
            )
        }
        self._named: dict[tuple[str, Any], str] = {}
        self._queue: list[tuple[Any, Any]] = []
        self._left_out: list[Page] = []

    def records(self) -> Iterator[dict[str, Any]]:
        """Return the record of each object."""
        for page in self._pages():
            yield self._record(page.specific_class or Page, page.pk, self._keys[page.pk], page)
        for model in site_content():
            of_site = model._base_manager.filter(site=self.site).order_by("pk")
            if has_drafts(model) and not self._drafts:
                of_site = of_site.filter(live=True)
            for pk in of_site.values_list("pk", flat=True):
                self._name(model, pk)
        redirects, former = leads_of(self.site, self._left_out)
        for pk in redirects:
            self._name(Redirect, pk)
        for pk in former:
            self._name(FormerPath, pk)
        while self._queue:
            model, pk = self._queue.pop(0)
            tree = Collection.objects.get(pk=pk) if model is Collection else None
            yield self._record(model, pk, self._named[label(model), pk], tree)

    def _pages(self) -> list[Page]:
        """Return the pages of the site, each after its parent."""
        home = self.site.root_page
        tops = Page.objects.filter(translation_key=home.translation_key, depth=home.depth)
        found = [page for top in tops for page in Page.objects.descendant_of(top, inclusive=True)]
        by_path = {page.path: page for page in found}
        by_key = {page.pk: page for page in found}
        kept: dict[int, Page] = {}

        def keep(page: Page) -> bool:
            # Whoever sees a page sees it below its parent, and no alias for longer than its original.
            if page.pk in kept:
                return True
            if not (page.live or self._drafts):
                return False
            original = by_key.get(page.alias_of_id) if page.alias_of_id else page
            above = by_path.get(page.path[: -page.steplen])
            if original is None:
                self.notes.append(f"{page.url_path} is left out: it shows a page of another site.")
                return False
            if above is not None and not keep(above):
                self.notes.append(f"{page.url_path} is left out, as what it stands below is.")
                return False
            kept[page.pk] = page
            if original is page or keep(original):
                return True
            del kept[page.pk]
            self.notes.append(f"{page.url_path} is left out, as the page that it shows is.")
            return False

        for page in found:
            keep(page)
        self._left_out = [page for page in found if page.pk not in kept]
        return sorted(kept.values(), key=lambda page: (page.depth, page.path))

    def _record(self, model: Any, pk: Any, key: str, tree: Any) -> dict[str, Any]:
        self.count += 1
        record: dict[str, Any] = {"model": model._meta.label, "key": key, "pk": pk}
        if tree is not None:
            above = None if tree.is_root() else tree.get_parent()
            is_top = above is None or (root(model) is Page and above.is_root())
            record["place"] = tree.path
            record["is_home"] = root(model) is Page and pk == self.site.root_page_id
            record["parent"] = (
                None if above is None or is_top else self._name(type(above), above.pk)
            )
        record["tables"] = {one._meta.label: self._row(one, pk) for one in chain(model)}
        record["parts"] = [
            [part.model._meta.label, self._parts(part, model, pk)]
            for one in chain(model)
            for part in parts(one)
        ]
        self._add_draft(record, model, pk)
        return record

    def _add_draft(self, record: dict[str, Any], model: Any, pk: Any) -> None:
        """Add what is drafted, or else say that nothing is: the title of a draft is one of its secrets."""
        if "has_unpublished_changes" not in {one.name for one in model._meta.concrete_fields}:
            return
        instance = model._base_manager.get(pk=pk)
        draft = draft_of(instance) if self._drafts else None
        if draft is not None:
            record["draft"] = carried(model, draft, self._name, self._reference)
        elif instance.live:
            published = {"draft_title": getattr(instance, "title", None)}
            published["has_unpublished_changes"] = False
            for row in record["tables"].values():
                row["values"] = [
                    [name, published.get(name, value)] for name, value in row["values"]
                ]

    def _row(self, model: Any, pk: Any) -> dict[str, Any]:
        column = model._meta.pk.column
        return self._columns(model, next(table(model).read(connection, **{column: pk})))

    def _parts(self, part: Part, model: Any, pk: Any) -> list[dict[str, Any]]:
        where = {part.column: pk}
        if part.is_tagging:
            where["content_type_id"] = ContentType.objects.get_for_model(model).pk
        names = [column.name for column in table(part.model).columns]
        found = []
        for row in [*table(part.model).read(connection, **where)]:
            own = row[names.index(part.model._meta.pk.column)]
            found.append(
                {
                    "pk": own,
                    **self._columns(part.model, row, but=part.column),
                    "parts": [
                        [below.model._meta.label, self._parts(below, part.model, own)]
                        for below in parts(part.model)
                    ],
                }
            )
        return found

    def _columns(self, model: Any, row: list[Any], *, but: str = "") -> dict[str, Any]:
        """Return the columns of a row that are carried, in pairs, those that name other objects apart."""
        by_name = dict(zip([column.name for column in table(model).columns], row, strict=True))
        values, references = [], []
        for one in columns(model, but=but):
            value = by_name[one.column]
            if one.is_relation:
                references.append([one.column, self._reference(one.related_model, value)])
                continue
            if isinstance(one, FileField) and value:
                self.files[f"{model._meta.label}.{one.name}/{value}"] = one.storage, value
            values.append([one.column, swapped(one, value, self._name)])
        return {"values": values, "references": references}

    def _reference(self, model: Any, pk: Any) -> list[str] | None:
        key = self._name(model, pk)
        return None if key is None else [label(model), key]

    def _name(self, model: Any, pk: Any) -> str | None:
        """Return the key of an object elsewhere, and have it exported as well if it is no page."""
        if pk in (None, "") or not str(pk).isdigit():
            return None
        base = root(model)
        if base is Page:
            return self._keys.get(int(pk))
        if (known := self._named.get((label(base), int(pk)))) is not None:
            return known
        instance = base._base_manager.filter(pk=pk).first()
        if instance is None:
            return None
        if base is Site:
            key = "site" if instance == self.site else f"{instance.hostname}:{instance.port}"
        elif base in NAMED:
            key = ".".join(instance.natural_key())
        elif is_translatable(base):
            key = f"{instance.translation_key}.{instance.locale.language_code}"
        else:
            key = self._identities.of(base, instance.pk)
        self._named[label(base), instance.pk] = key
        if base is not Site and base not in NAMED:
            self._queue.append((_specific(base, instance.pk), instance.pk))
        return key


def _specific(base: Any, pk: Any) -> Any:
    """Return the model of all that an object has."""
    found = [
        model
        for model in apps.get_models()
        if issubclass(model, base)
        and not model._meta.proxy
        and model._base_manager.filter(pk=pk).exists()
    ]
    return max(found, key=lambda model: len(chain(model)))
