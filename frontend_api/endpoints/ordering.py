"""The `order` parameter: named fields, each reversible with `-`, with the id as a stable tie-break."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, QuerySet
from django.http import QueryDict

from frontend_api.dependencies.tracker import current
from frontend_api.errors import bad_parameter
from frontend_api.search.contents import kind_of
from frontend_api.search.queries import title_key

from .parameters import several


def order(
    queryset: QuerySet[Any], query: QueryDict, allowed: Iterable[str], default: Sequence[str]
) -> QuerySet[Any]:
    """Return `queryset` in the order that the request asks for, or in the default one.

    Objects without a value come last in both directions, on every database. Ties are ordered by id, in the direction
    of the last field. Raises `BadParameters` for an unknown field or an impossible combination.
    """
    names = set(allowed)
    terms = several("order", str(query["order"])) if "order" in query else list(default)
    if "random" in terms:
        if len(terms) > 1:
            raise bad_parameter("order", "order=random cannot be combined with other fields.")
        if "offset" in query:
            raise bad_parameter(
                "order", "order=random cannot be combined with offset: no item has a fixed place."
            )
        if dependencies := current():
            dependencies.never_cache("It is drawn by lot.")
        return queryset.order_by("?")
    expressions = []
    ordered: set[str] = set()
    for term in terms:
        name = term.removeprefix("-")
        if name in ordered:
            # Ordering by the same field again changes nothing.
            continue
        ordered.add(name)
        if name not in names:
            raise bad_parameter(
                "order",
                f"order cannot be by '{name[:40]}'; it takes {', '.join(sorted(names))} or random.",
            )
        if name == "title" and kind_of(queryset.model):
            # A database sorts by rules of its own, if any: SQLite has É after Z. It sorts alone what has no key yet.
            key = title_key(queryset.model)
            expressions.append(
                key.desc(nulls_last=True) if term.startswith("-") else key.asc(nulls_last=True)
            )
        # An index serves only the plain order, so ask for NULLS LAST only where a value may be missing.
        nulls_last = True if _may_be_null(queryset.model, name) else None
        expressions.append(
            F(name).desc(nulls_last=nulls_last)
            if term.startswith("-")
            else F(name).asc(nulls_last=nulls_last)
        )
    last = terms[-1] if terms else ""
    return queryset.order_by(
        *expressions, F("pk").desc() if last.startswith("-") else F("pk").asc()
    )


def _may_be_null(model: Any, name: str) -> bool:
    """Return whether a field may lack a value; assume so for a name that is not a field of the model."""
    try:
        return bool(model._meta.get_field(name).null)
    except FieldDoesNotExist:
        return name != "pk"
