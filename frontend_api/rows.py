"""Rows that belong to many parents, from any number of tables in one query.

A page has inline children of several kinds, and choices of several kinds. Each kind is a table, and each table would
be a query; here they are the parts of one `UNION ALL`, in which each has columns of its own and leaves those of the
others empty. Django takes longer to write such a query than a database to answer it, so it is written once, and only
the keys of the parents are filled in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, F, Field, Model, OrderBy, QuerySet, Value, Window
from django.db.models.functions import Cast, RowNumber


@dataclass(frozen=True)
class Rows:
    """The rows of `model` by `parent`, a key of it, each with the object that its key `joined` names, if any.

    They come in the order of `model`, or in that of what is joined, when `as_joined` says so.
    """

    model: type[Model]
    parent: str
    joined: str = ""
    as_joined: bool = False

    @property
    def parent_field(self) -> Any:
        """The field that `parent` names."""
        return self.model._meta.get_field(self.parent)

    @property
    def joined_model(self) -> Any:
        """The model of what is joined."""
        field: Any = self.model._meta.get_field(self.joined)
        return field.related_model


def fetch(asked: Mapping[Rows, Iterable[Any]]) -> dict[Rows, dict[Any, list[Any]]]:
    """Return, for each kind of rows, those of each of the parents with the given keys, in order."""
    # In one order, the same kinds are always the same query.
    kinds = tuple(sorted(asked, key=lambda kind: (kind.model._meta.label, kind.parent)))
    query = _query(kinds)
    found: dict[Rows, dict[Any, list[Any]]] = {
        kind: {key: [] for key in asked[kind]} for kind in kinds
    }
    for number, _, parent, *values in sorted(query.rows(found), key=itemgetter(0, 1)):
        kind = kinds[number]
        found[kind][parent].append(_instance(kind, values, query.starts[number]))
    return found


class _Query:
    """The query for some kinds of rows, ready for any keys of parents."""

    def __init__(self, kinds: tuple[Rows, ...]) -> None:
        parts = [_part(kind, kinds) for kind in kinds]
        whole = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        # What Django does each time that it runs a query, in the same steps.
        compiler = whole.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, self.parameters = compiler.as_sql()
        self.pieces = sql.split("%s")
        self.converters = compiler.get_converters([column for column, *_ in compiler.select])
        self.starts = []
        start = 0
        for kind in kinds:
            self.starts.append(start)
            start += len(_columns(kind))

    def rows(self, keys: Mapping[Rows, Iterable[Any]]) -> list[list[Any]]:
        """Return the rows for the parents with these keys."""
        sql, parameters = [self.pieces[0]], []
        for parameter, piece in zip(self.parameters, self.pieces[1:], strict=True):
            values = [parameter]
            if isinstance(parameter, Rows):
                field = parameter.parent_field.target_field
                values = [field.get_db_prep_value(key, connection) for key in keys[parameter]]
            sql += [", ".join(["%s"] * len(values)), piece]
            parameters += values
        with connection.cursor() as cursor:
            cursor.execute("".join(sql), parameters)
            rows = [list(row) for row in cursor.fetchall()]
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                for row in rows:
                    row[place] = convert(row[place], column, connection)
        return rows


_query = lru_cache(maxsize=256)(_Query)


class _Keys(Expression):
    """Stands in a query where the keys of the parents of one kind belong."""

    def __init__(self, kind: Rows) -> None:
        super().__init__(output_field=kind.parent_field)
        self.kind = kind

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return a list of one parameter, which says whose keys are to be there."""
        return "(%s)", [self.kind]


def _part(kind: Rows, kinds: tuple[Rows, ...]) -> QuerySet:
    columns: list[Any] = []
    for other in kinds:
        for name, field in _columns(other):
            columns.append(F(name) if other is kind else _nothing(field))
    rank = Window(RowNumber(), order_by=_order(kind))
    rows = kind.model._default_manager.filter(**{f"{kind.parent}__in": _Keys(kind)})
    return rows.order_by().values_list(
        Value(kinds.index(kind)), rank, F(kind.parent_field.attname), *columns
    )


@lru_cache
def _columns(kind: Rows) -> list[tuple[str, Any]]:
    """Return the fields of a kind of rows, and of what is joined, by the names that a query has for them."""
    own: list[Any] = [(field.attname, field) for field in kind.model._meta.concrete_fields]
    if kind.joined:
        fields = kind.joined_model._meta.concrete_fields
        own += [(f"{kind.joined}__{field.attname}", field) for field in fields]
    return own


def _nothing(field: Field) -> Cast:
    """Return an empty column of the field's type, without which PostgreSQL takes it for a text."""
    return Cast(Value(None), field.get_col("").output_field)


def _order(kind: Rows) -> list[Any]:
    """Return the order that the model of the rows, or of what is joined, declares."""
    if not kind.as_joined:
        # Rows that were never numbered are alike to their model's order, and come as they were made.
        return [*(kind.model._meta.ordering or ()), "pk"]
    prefix = f"{kind.joined}__"
    terms: list[Any] = []
    for term in kind.joined_model._meta.ordering or ():
        if isinstance(term, str):
            terms.append(f"-{prefix}{term[1:]}" if term.startswith("-") else f"{prefix}{term}")
        else:
            ordered = term if isinstance(term, OrderBy) else term.asc()
            terms.append(ordered.prefix_references(prefix))
    return [*terms, "pk"]


def _instance(kind: Rows, values: list[Any], start: int) -> Any:
    row, start = _from_values(kind.model, values, start)
    if kind.joined and values[start] is not None:
        joined, _ = _from_values(kind.joined_model, values, start)
        setattr(row, kind.joined, joined)
    return row


def _from_values(model: Any, values: list[Any], start: int) -> tuple[Any, int]:
    """Return the object whose values begin at `start`, and where they end."""
    names = [field.attname for field in model._meta.concrete_fields]
    end = start + len(names)
    return model.from_db(DEFAULT_DB_ALIAS, names, values[start:end]), end
