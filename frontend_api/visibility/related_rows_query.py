"""Fetches rows that belong to many parents, from any number of tables, in one query.

A page has inline children and choices of several kinds. Each kind is a table, which would take a query of its own;
here all are parts of one `UNION ALL`, in which each part has its own columns and leaves those of the others empty.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Any

from django.db.models import F, Field, OrderBy, QuerySet, Value, Window
from django.db.models.functions import Cast, RowNumber

from frontend_api.dependencies.bounded import memoized, size_of

from .compiled_query import CompiledQuery, Parameter, is_filtered, made_of
from .related_rows import RelatedRows

MOST_BYTES = 8 * 1024 * 1024


def fetch(asked: Mapping[RelatedRows, Collection[Any]]) -> dict[RelatedRows, dict[Any, list[Any]]]:
    """Return `{kind: {parent key: [row, …]}}` with the rows in order; a parent without rows has `[]`."""
    # Sorted, so that the same kinds always give the same query.
    kinds = tuple(sorted(asked, key=lambda kind: (kind.model._meta.label, kind.parent)))
    query = (_Query if any(is_filtered(kind.model) for kind in kinds) else _query)(kinds)
    found: dict[RelatedRows, dict[Any, list[Any]]] = {
        kind: {key: [] for key in asked[kind]} for kind in kinds
    }
    keys = {_name(number): asked[kind] for number, kind in enumerate(kinds)}
    # Each row begins with the number of its kind and its rank within the kind.
    for row in sorted(query.compiled.rows(**keys), key=itemgetter(0, 1)):
        kind, start = kinds[row[0]], query.starts[row[0]]
        instance = _instance(kind, query.compiled, row, start)
        found[kind][getattr(instance, kind.parent_field.attname)].append(instance)
    return found


class _Query:
    """The query for some kinds of rows, and where the values of each kind begin in its result."""

    def __init__(self, kinds: tuple[RelatedRows, ...]) -> None:
        parts = [_part(kind, kinds) for kind in kinds]
        self.compiled = CompiledQuery(
            parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
        )
        self.starts = [*accumulate((len(_columns(kind)) for kind in kinds), initial=2)]

    def __sizeof__(self) -> int:
        """Return the size in bytes, including the SQL."""
        return object.__sizeof__(self) + size_of(self.compiled) + size_of(self.starts)


# Limited, because clients decide with `fields` which kinds are fetched together.
_query = memoized(MOST_BYTES)(_Query)


def _name(number: int) -> str:
    return f"parents_{number}"


def _part(kind: RelatedRows, kinds: tuple[RelatedRows, ...]) -> QuerySet[Any]:
    columns: list[Any] = []
    for other in kinds:
        for name, field in _columns(other):
            columns.append(F(name) if other is kind else _nothing(field))
    number = kinds.index(kind)
    parameter = Parameter(_name(number), kind.parent_field)
    rank = Window(RowNumber(), order_by=_order(kind))
    rows = kind.model._default_manager.filter(**{f"{kind.parent}__in": parameter})
    return rows.order_by().values_list(Value(number), rank, *columns)


@lru_cache
def _columns(kind: RelatedRows) -> list[tuple[str, Any]]:
    """Return the fields of a kind of rows and of what is joined, as (name in a query, field)."""
    own: list[Any] = [(field.attname, field) for field in kind.model._meta.concrete_fields]
    if kind.joined:
        fields = kind.joined_model._meta.concrete_fields
        own += [(f"{kind.joined}__{field.attname}", field) for field in fields]
    return own


def _nothing(field: "Field[Any, Any]") -> Cast:
    """Return a NULL cast to the type of the field, because PostgreSQL would take a plain one for text."""
    return Cast(Value(None), field.get_col("").output_field)


def _order(kind: RelatedRows) -> list[Any]:
    """Return the order declared by the model of the rows or, with `as_joined`, by the joined model."""
    if not kind.as_joined:
        # Rows without a number come last on every database, in the order in which they were created.
        return [*map(_nulls_last, kind.model._meta.ordering or ()), "pk"]
    prefix = f"{kind.joined}__"
    terms: list[Any] = []
    for term in kind.joined_model._meta.ordering or ():
        if isinstance(term, str):
            terms.append(f"-{prefix}{term[1:]}" if term.startswith("-") else f"{prefix}{term}")
        else:
            ordered = term if isinstance(term, OrderBy) else term.asc()
            terms.append(ordered.prefix_references(prefix))
    # Ties are ordered by the key of the joined object, as in a draft; rows may be written in any order.
    return [*terms, kind.joined, "pk"]


def _nulls_last(term: Any) -> Any:
    if not isinstance(term, str):
        return term
    field = F(term.removeprefix("-"))
    return field.desc(nulls_last=True) if term.startswith("-") else field.asc(nulls_last=True)


def _instance(kind: RelatedRows, query: CompiledQuery, row: Sequence[Any], start: int) -> Any:
    instance, place = made_of(kind.model, query, row, start)
    if kind.joined and getattr(instance, instance._meta.get_field(kind.joined).attname) is not None:
        joined, _ = made_of(kind.joined_model, query, row, place)
        setattr(instance, kind.joined, joined)
    return instance
