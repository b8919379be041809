"""The files that rows name: where they are stored, and which columns name them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import FileField
from wagtail.images import get_image_model

from frontend_api.images.models import ImageFile, RetiredFile

from .tables import Table


@dataclass(frozen=True)
class Group:
    """The files of one file field."""

    label: str
    """Such as `cms.CmsImage.file`: the folder of its files in an archive."""
    storage: Any
    queries: tuple[str, ...]

    def names(self, connection: Any) -> Iterator[str]:
        """Return the name of each file once."""
        sql = " UNION ".join(self.queries)
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY 1")
            while rows := cursor.fetchmany(500):
                yield from (name for (name,) in rows if name)

    def is_named(self, connection: Any, name: str) -> bool:
        """Return whether any row names this file now."""
        sql = " UNION ".join(self.queries)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT %s IN ({sql})", [name])
            return bool(cursor.fetchone()[0])


def groups(connection: Any, tables: list[Table]) -> list[Group]:
    """Return the groups of files that these tables name."""
    return [
        Group(_label(field), field.storage, tuple(_queries(connection, field)))
        for table in tables
        for column in table.columns
        if isinstance(field := column.field, FileField)
    ]


def _label(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"


def _queries(connection: Any, field: Any) -> Iterator[str]:
    quote = connection.ops.quote_name
    column, table = quote(field.column), quote(field.model._meta.db_table)
    yield f"SELECT {column} FROM {table}"  # noqa: S608 - names of ours.
    image, rendition = _of_images()
    for is_rendition, label in ((False, image), (True, rendition)):
        if _label(field) == label:
            condition = quote("is_rendition") if is_rendition else f"NOT {quote('is_rendition')}"
            retired = quote(RetiredFile._meta.db_table)
            yield f"SELECT {quote('name')} FROM {retired} WHERE {condition}"  # noqa: S608


def _of_images() -> tuple[str, str]:
    """Return the labels of the file fields of images and of their renditions."""
    model = get_image_model()
    return (
        _label(model._meta.get_field("file")),
        _label(model.get_rendition_model()._meta.get_field("file")),
    )


def storage_of(label: str, known: list[Group]) -> Any:
    """Return where the files of a group are stored: in the default storage, if this code has no such field any more."""
    return next((group.storage for group in known if group.label == label), default_storage)


Renamed = dict[tuple[str, str], str]
"""By group and name in the archive, the name of a file here, where another one has that name already."""


def rename(table: Table, columns: list[str], row: list[Any], renamed: Renamed) -> list[Any]:
    """Return a row that names its files as they are named here."""
    labels = {
        column.name: _label(column.field)
        for column in table.columns
        if isinstance(column.field, FileField)
    }
    image, rendition = _of_images()
    if table.model is ImageFile:
        labels["name"] = image
    elif table.model is RetiredFile:
        labels["name"] = rendition if row[columns.index("is_rendition")] else image
    return [
        renamed.get((labels[column], value), value) if column in labels else value
        for column, value in zip(columns, row, strict=True)
    ]
