"""Finds which objects here are those of an archive, and gives the others keys that are free."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.db.models.constraints import UniqueConstraint
from wagtail.models import Collection, Locale, Page, Site

from cms.transfer.backups.archive import BackupError

from .identities import Identities
from .records import Record, Records
from .shape import NAMED, TREES, chain, is_translatable, label, root


class Matching:
    """The primary keys, here, of the objects of an archive and of what they name."""

    def __init__(self, records: Records, models: dict[str, Any], site: Site) -> None:
        self.models = models
        self.site = site
        self.identities = Identities()
        self._records = records
        self._numbers = {
            (label(models[name]), key): number for number, (name, key) in enumerate(records.keys())
        }
        self._found: dict[tuple[str, str], Any] = {}
        self._is_new: dict[tuple[str, str], bool] = {}
        self._taken: dict[str, set[Any]] = {}

    def key(self, reference: list[str] | None) -> Any:
        """Return the primary key of what a reference names, or None if that is neither here nor in the archive."""
        if reference is None:
            return None
        name = (reference[0], reference[1])
        if name not in self._found:
            self._found[name] = self._match(name)
        return self._found[name]

    def is_new(self, record: Record) -> bool:
        """Return whether an object is not here yet."""
        return self._is_new[label(self.models[record["model"]]), record["key"]]

    def free(self, model: Any, wanted: Any) -> Any:
        """Return the key that an object had elsewhere, if none has it here, or else the next one."""
        base = root(model)
        taken = self._taken.setdefault(base._meta.label, set())
        if wanted in taken or base._base_manager.filter(pk=wanted).exists():
            last = base._base_manager.aggregate(last=Max("pk"))["last"] or 0
            wanted = max(last, *taken, 0) + 1 if taken else last + 1
        taken.add(wanted)
        return wanted

    def _match(self, name: tuple[str, str]) -> Any:
        record = self._records[self._numbers[name]] if name in self._numbers else None
        model = self.models[record["model"]] if record else self._model(name[0])
        found = self._by_key(model, name, record)
        if record is None:
            return found
        if found is None:
            found = self._by_place(model, record) or self._by_unique_columns(model, record)
        self._is_new[name] = found is None
        return self.free(model, record["pk"]) if found is None else found

    def _model(self, name: str) -> Any:
        known = {one._meta.label: one for one in (*NAMED, Page, Site, Locale, Collection)}
        return known.get(name) or self.models.get(name)

    def _by_key(self, model: Any, name: tuple[str, str], record: Record | None) -> Any:
        """Return the primary key of what has this key everywhere."""
        if model is None:
            return None
        if model is Site:
            return self._site(name[1])
        if model in NAMED:
            return _named(model, name[1])
        if is_translatable(model):
            key, _, language = name[1].partition(".")
            found = root(model)._base_manager.filter(
                translation_key=key, locale__language_code=language
            )
            return self._of_type(found.first(), model, record)
        pk = self.identities.find(*name)
        exists = pk is not None and root(model)._base_manager.filter(pk=pk).exists()
        return int(pk) if exists and pk is not None else None

    def _site(self, key: str) -> Any:
        if key == "site":
            return self.site.pk
        host, _, port = key.rpartition(":")
        return Site.objects.filter(hostname=host, port=port).values_list("pk", flat=True).first()

    def _of_type(self, found: Any, model: Any, record: Record | None) -> Any:
        if found is None or record is None:
            return found and found.pk
        here = found.specific_class if isinstance(found, Page) else model
        if here is not model:
            raise BackupError(
                f"{found} is of the type {here._meta.label} here and of {record['model']} in the archive: "
                "move it, or delete it."
            )
        return found.pk

    def _by_place(self, model: Any, record: Record) -> Any:
        """Return the key of what stands at the same place: the home page, or that with the same name below the same."""
        base = root(model)
        if base not in TREES:
            return None
        values = dict(record["tables"][base._meta.label]["values"])
        if record["parent"] is None:
            if base is Collection:
                return Collection.get_first_root_node().pk
            home = self.site.root_page
            is_home = record.get("is_home") and self._is_free(home)
            return self._of_type(home, model, record) if is_home else None
        above = self.key([label(base), record["parent"]])
        # Below what is new, nothing is there; that itself may not be written yet.
        if above is None or self._is_new[label(base), record["parent"]]:
            return None
        parent = base._base_manager.get(pk=above)
        name = "slug" if base is Page else "name"
        found = parent.get_children().filter(**{name: values[name]}).first()
        if base is Page and found is not None and not self._is_free(found):
            return None
        return self._of_type(found, model, record)

    def _is_free(self, page: Page) -> bool:
        """Return whether a page here is not another one of the archive."""
        key = f"{page.translation_key}.{page.locale.language_code}"
        return (label(Page), key) not in self._numbers

    def _by_unique_columns(self, model: Any, record: Record) -> Any:
        for one in chain(model):
            row = record["tables"][one._meta.label]
            references = dict(row["references"])
            for names in () if one is Page else _unique(one):
                fields = [one._meta.get_field(name) for name in names]
                wanted = {
                    field.attname: self.key(references[field.column])
                    if field.column in references
                    else dict(row["values"]).get(field.column)
                    for field in fields
                }
                if all(value is not None for value in wanted.values()):
                    found = one._base_manager.filter(**wanted).values_list("pk", flat=True).first()
                    if found is not None:
                        return found
        return None


def _named(model: Any, key: str) -> Any:
    found = model._base_manager.filter(name=key).first() if model is not ContentType else None
    if model is ContentType:
        app, _, name = key.partition(".")
        found = ContentType.objects.filter(app_label=app, model=name).first()
    return found and found.pk


def _unique(model: Any) -> list[tuple[str, ...]]:
    options = model._meta
    return [
        *(
            (field.name,)
            for field in options.local_concrete_fields
            if field.unique and not field.primary_key
        ),
        *map(tuple, options.unique_together),
        *(
            tuple(one.fields)
            for one in options.constraints
            if isinstance(one, UniqueConstraint) and one.fields and one.condition is None
        ),
    ]
