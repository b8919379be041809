"""A column of words, in which each database looks for them in its own way.

PostgreSQL keeps a `tsvector` of them, without the help of its parser. SQLite keeps them in a text, of which the
migration makes an FTS5 index; triggers keep it.
"""

from typing import Any

from django.db import NotSupportedError
from django.db.models import BooleanField, Field, Lookup

from .conditions import Condition

FTS_SUFFIX = "_fts"


class WordsField(Field[Any, Any]):
    """Different words, in no order; only written and searched, never read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "editable": False, "default": list})

    def deconstruct(self) -> Any:
        """Return what makes this field in a migration."""
        name, path, _, _ = super().deconstruct()
        return name, path, [], {}

    def db_type(self, connection: Any) -> str:
        """Return the type of the column."""
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_prep_value(self, value: Any) -> Any:
        """Return the list of words."""
        return list(value or ())

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return what the database gets."""
        words = self.get_prep_value(value)
        return words if connection.vendor == "postgresql" else " ".join(words)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Return the SQL in which a value stands."""
        return "array_to_tsvector(%s::text[])" if connection.vendor == "postgresql" else "%s"


@WordsField.register_lookup
class Matching(Lookup[Any]):
    """Whether the words of a row meet a `Condition`."""

    lookup_name = "matching"
    output_field = BooleanField()
    prepare_rhs = False
    can_use_none_as_rhs = False
    rhs: Condition

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Refuse a database that is neither of the two."""
        raise NotSupportedError("The search of the delivery API needs PostgreSQL or SQLite.")

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """Return `column @@ 'word'`."""
        column, parameters = compiler.compile(self.lhs)
        return f"{column} @@ %s::tsquery", (*parameters, self.rhs.as_tsquery())

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """Return `id IN (SELECT rowid …)` with the FTS5 index of the table."""
        field = self.lhs.target
        index = f"{field.model._meta.db_table}{FTS_SUFFIX}"
        key, parameters = compiler.compile(field.model._meta.pk.get_col(self.lhs.alias))
        expression = f"{{{field.column}}} : ({self.rhs.as_fts5()})"
        sql = f'{key} IN (SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s)'  # noqa: S608 - names of ours.
        return sql, (*parameters, expression)
