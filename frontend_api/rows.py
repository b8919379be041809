"""Rows that belong to many parents, from any number of tables in one query.

A page has inline children of several kinds, and choices of several kinds. Each kind is a table, and each table would
be a query; here they are the parts of one `UNION ALL`, in which each has columns of its own and leaves those of the
others empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
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
    def joined_model(self) -> Any:
        """The model of what is joined."""
        return self.model._meta.get_field(self.joined).related_model if self.joined else None


Asked = Mapping[Rows, tuple[set[Any], QuerySet | None]]


def fetch(asked: Asked) -> dict[Rows, dict[Any, list[Any]]]:
    """Return, for each kind of rows, those of every parent in its set, in order.

    The queryset, if there is one, narrows the rows to those that join an object in it.
    """
    kinds = list(asked)
    parts = [_part(kind, number, kinds, *asked[kind]) for number, kind in enumerate(kinds)]
    query = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found: dict[Rows, dict[Any, list[Any]]] = {
        kind: {key: [] for key in keys} for kind, (keys, _) in asked.items()
    }
    places = _places(tuple(kinds))
    for number, _, parent, *values in sorted(query, key=lambda row: row[:2]):
        kind = kinds[number]
        found[kind][parent].append(_instance(kind, *places[number], values))
    return found


def _part(
    kind: Rows, number: int, kinds: list[Rows], keys: set[Any], within: QuerySet | None
) -> QuerySet:
    rows = kind.model._default_manager.filter(**{f"{kind.parent}__in": keys})
    if within is not None:
        rows = rows.filter(**{f"{kind.joined}__in": within.order_by().values("pk")})
    columns: list[Expression | F] = []
    for other in kinds:
        for name, field in _columns(other):
            columns.append(F(name) if other is kind else _nothing(field))
    rank = Window(RowNumber(), order_by=_order(kind))
    parent: Any = kind.model._meta.get_field(kind.parent)
    return rows.order_by().values_list(Value(number), rank, F(parent.attname), *columns)


@lru_cache
def _columns(kind: Rows) -> list[tuple[str, Field]]:
    """Return the fields of a kind of rows, and of what is joined, by the names that a query has for them."""
    own: list[Any] = [(field.attname, field) for field in kind.model._meta.concrete_fields]
    if kind.joined:
        fields = kind.joined_model._meta.concrete_fields
        own += [(f"{kind.joined}__{field.attname}", field) for field in fields]
    return own


@lru_cache
def _nothing(field: Any) -> Cast:
    """Return an empty column of the field's type, without which PostgreSQL takes it for a text."""
    return Cast(Value(None), field.get_col("").output_field)


def _order(kind: Rows) -> list[Any]:
    """Return the order that the model of the rows, or of what is joined, declares."""
    if not kind.as_joined:
        # Rows that were never numbered are alike to their model's order, and come as they were made.
        return [*(kind.model._meta.ordering or ()), "pk"]
    prefix = f"{kind.joined}__"
    terms = []
    for term in kind.joined_model._meta.ordering or ():
        if isinstance(term, str):
            terms.append(f"-{prefix}{term[1:]}" if term.startswith("-") else f"{prefix}{term}")
        else:
            ordered = term if isinstance(term, OrderBy) else term.asc()
            terms.append(ordered.prefix_references(prefix))
    return [*terms, "pk"]


@lru_cache
def _places(kinds: tuple[Rows, ...]) -> list[tuple[int, int, int]]:
    """Return where in a row of the query the values of each kind begin, where what is joined does, and the end."""

    def places() -> Iterator[tuple[int, int, int]]:
        start = 0
        for kind in kinds:
            own = start + len(kind.model._meta.concrete_fields)
            end = start + len(_columns(kind))
            yield start, own, end
            start = end

    return list(places())


def _instance(kind: Rows, start: int, own: int, end: int, values: list[Any]) -> Any:
    row = _from_values(kind.model, values[start:own])
    if kind.joined and values[own] is not None:
        setattr(row, kind.joined, _from_values(kind.joined_model, values[own:end]))
    return row


def _from_values(model: Any, values: list[Any]) -> Any:
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(DEFAULT_DB_ALIAS, names, values)
