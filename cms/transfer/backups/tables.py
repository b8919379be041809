"""Which tables a backup has, what is in their columns, and how their rows are read and written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps

LEFT_OUT = {
    # Who is logged in, what is typed at this moment, and what runs.
    "sessions.Session",
    "usersessions.UserSession",
    "accounts.ProviderSession",
    "accounts.Attempts",
    "wagtailadmin.EditingSession",
    "wagtailcore.UploadedFile",
    "wagtail_headless_preview.PagePreview",
    "frontend_api.TypedDraft",
    "background.WorkerSighting",
    "background.JobRun",
    "background.TaskOrigin",
    # What was owed to others: sent since, it would be sent again, and by a copy as well as by the original.
    "django_tasks_database.DBTaskResult",
    "frontend_api.WebhookAttempt",
    "frontend_api.WebhookMessage",
    # Without it, each cache in front is purged of everything.
    "frontend_api.PurgeTarget",
    # What is made again from the rest, in the form of each database.
    "frontend_api.SearchEntry",
    "frontend_api.SearchSpelling",
    "frontend_api.UnindexedObject",
    "wagtailsearch.IndexEntry",
    "wagtailsearch.SQLiteFTSIndexEntry",
}
"""The models whose tables are empty after a backup is put back."""


@dataclass(frozen=True)
class Column:
    """A column, and how what the database gives for it becomes a value."""

    name: str
    field: Any

    def reading(self, connection: Any) -> Callable[[Any], Any] | None:
        """Return what makes a value of what a query returns, or None if that is one."""
        expression = self.field.get_col(self.field.model._meta.db_table)
        converters = connection.ops.get_db_converters(expression)
        if not converters:
            return None

        def read(value: Any) -> Any:
            for convert in converters:
                value = convert(value, expression, connection)
            return value

        return read


@dataclass(frozen=True)
class Table:
    """A table of a model."""

    name: str
    model: Any
    columns: tuple[Column, ...]

    def read(self, connection: Any, **where: Any) -> Iterator[list[Any]]:
        """Return all rows, or those `where` columns have these values, in the order of their keys."""
        quote = connection.ops.quote_name
        columns = ", ".join(quote(column.name) for column in self.columns)
        key = quote(self.model._meta.pk.column)
        readings = [column.reading(connection) for column in self.columns]
        condition = " AND ".join(f"{quote(name)} = %s" for name in where) or "1 = 1"
        values = [_adapted(connection, value) for value in where.values()]
        # A few rows are not worth a cursor of the server's.
        with connection.cursor() if where else connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM {quote(self.name)} WHERE {condition} ORDER BY {key}",  # noqa: S608 - names of ours.
                values,
            )
            while rows := cursor.fetchmany(500):
                for row in rows:
                    yield [
                        value if read is None else read(value)
                        for value, read in zip(row, readings, strict=True)
                    ]

    def description(self) -> dict[str, Any]:
        """Return what an archive says of the table."""
        return {
            "table": self.name,
            "columns": [column.name for column in self.columns],
            "json": [column.name for column in self.columns if _is_json(column.field)],
        }


def all_tables() -> list[Table]:
    """Return the tables of all models, those that are left out as well."""
    models = apps.get_models(include_auto_created=True)
    return [table_of(model) for model in models if model._meta.managed and not model._meta.proxy]


def kept_tables() -> list[Table]:
    """Return the tables that are in a backup."""
    return [table for table in all_tables() if table.model._meta.label not in LEFT_OUT]


def table_of(model: Any) -> Table:
    """Return the table of a model."""
    columns = tuple(
        Column(field.column, field)
        for field in model._meta.local_concrete_fields
        if not field.generated
    )
    return Table(model._meta.db_table, model, columns)


def _is_json(field: Any) -> bool:
    return bool(field.get_internal_type() == "JSONField")


def write(connection: Any, table: dict[str, Any], rows: Iterable[list[Any]]) -> None:
    """Insert rows into a table that an archive describes."""
    quote, columns = connection.ops.quote_name, table["columns"]
    is_postgresql = connection.vendor == "postgresql"
    places = ", ".join(
        "%s::jsonb" if is_postgresql and name in table["json"] else "%s" for name in columns
    )
    names = ", ".join(map(quote, columns))
    sql = f"INSERT INTO {quote(table['table'])} ({names}) VALUES ({places})"  # noqa: S608 - names of ours.
    with connection.cursor() as cursor:
        some: list[list[Any]] = []
        for row in rows:
            some.append([_adapted(connection, value) for value in row])
            if len(some) == 500:
                cursor.executemany(sql, some)
                some = []
        if some:
            cursor.executemany(sql, some)


def update(connection: Any, table: Table, key: Any, values: dict[str, Any]) -> None:
    """Set columns of the row with this primary key."""
    quote = connection.ops.quote_name
    json_columns = table.description()["json"]
    is_postgresql = connection.vendor == "postgresql"
    places = ", ".join(
        f"{quote(name)} = %s" + ("::jsonb" if is_postgresql and name in json_columns else "")
        for name in values
    )
    where = quote(table.model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(table.name)} SET {places} WHERE {where} = %s",  # noqa: S608 - names of ours.
            [_adapted(connection, value) for value in (*values.values(), key)],
        )


def _adapted(connection: Any, value: Any) -> Any:
    """Return a value as the driver of the database takes it."""
    kind = type(value).__name__
    operations = connection.ops
    adapt = {
        "datetime": operations.adapt_datetimefield_value,
        "date": operations.adapt_datefield_value,
        "time": operations.adapt_timefield_value,
        # What SQLite has no type for, in the form in which Django stores it there.
        **(_FORMS_OF_SQLITE if connection.vendor == "sqlite" else {}),
    }.get(kind)
    return value if adapt is None else adapt(value)


_FORMS_OF_SQLITE: dict[str, Callable[[Any], Any]] = {
    "Decimal": str,
    "UUID": lambda value: value.hex,
    "timedelta": lambda value: value // timedelta(microseconds=1),
}
