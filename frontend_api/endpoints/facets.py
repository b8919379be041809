"""Facets: how many of a listing's pages have each value of what they can be filtered by.

A collection declares them beside its filters, each under the name of the filter that takes its values::

    class EventsViewSet(CollectionViewSet):
        filterset_class = EventFilterSet  # with the filters `theme`, `kind` and `year`
        facets = {
            "theme": RelatedFacet("themes"),
            "kind": CasesFacet({"open": (_("Open to all"), Q(is_open=True))}),
            "year": YearFacet("starts_on"),
        }

Each takes one query, however many values there are, and shows nothing but what visible pages have.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, DateTimeField, F, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import QueryDict

from frontend_api.errors import bad_parameter
from frontend_api.visibility.perspective import Perspective

from .parameters import several

MOST_VALUES = 100
"""How many values of a facet are counted at most; of more, those that most pages have."""

Counted = dict[str, Any]


class Facet:
    """What the pages of a collection are counted by; a subclass says how.

    `also` names filters that choose by the same thing as the filter of the facet's name, and are left out of its
    counts as that is.
    """

    def __init__(self, *, also: Sequence[str] = ()) -> None:
        self.also = also

    def counts(self, pages: QuerySet[Any], perspective: Perspective) -> list[Counted]:
        """Return `[{"value": "prevention", "label": "Prevention", "count": 3}, …]` of the visible `pages`."""
        raise NotImplementedError


class RelatedFacet(Facet):
    """Counts by objects that a path leads to, such as `themes` or `partners__partner`, in the order of their labels."""

    def __init__(
        self, path: str, *, value: str = "slug", label: str = "name", also: Sequence[str] = ()
    ) -> None:
        super().__init__(also=also)
        self.path = path
        self.value = value
        self.label = label

    def counts(self, pages: QuerySet[Any], perspective: Perspective) -> list[Counted]:
        """Return the counts of the visible objects that any of the pages has."""
        every = _each_once(pages)
        target = _target(every.model, self.path)
        if perspective.has_privacy(target):
            visible = perspective.objects(target).order_by().values("pk")
            every = every.filter(**{f"{self.path}__in": visible})
        else:
            every = every.filter(**{f"{self.path}__isnull": False})
        value, label = F(f"{self.path}__{self.value}"), F(f"{self.path}__{self.label}")
        found = [
            {"value": str(row["of_value"]), "label": str(row["of_label"]), "count": row["there"]}
            for row in _most(every.values(of_value=value, of_label=label))
        ]
        return sorted(found, key=lambda one: (one["label"].casefold(), one["value"]))


class CasesFacet(Facet):
    """Counts by conditions: `{value: (label, condition)}`, in that order."""

    def __init__(self, cases: Mapping[str, tuple[Any, Q]], *, also: Sequence[str] = ()) -> None:
        super().__init__(also=also)
        self.cases = cases

    def counts(self, pages: QuerySet[Any], perspective: Perspective) -> list[Counted]:
        """Return the counts of the cases that there are."""
        conditions = [condition for _, condition in self.cases.values()]
        found = _each_once(pages).aggregate(
            **{
                f"case_{number}": Count("pk", filter=condition, distinct=True)
                for number, condition in enumerate(conditions)
            }
        )
        return [
            {"value": value, "label": str(label), "count": found[f"case_{number}"]}
            for number, (value, (label, _)) in enumerate(self.cases.items())
            if found[f"case_{number}"]
        ]


class YearFacet(Facet):
    """Counts by the year of a date, or of a time in UTC, the latest first."""

    def __init__(self, field: str, *, also: Sequence[str] = ()) -> None:
        super().__init__(also=also)
        self.field = field

    def counts(self, pages: QuerySet[Any], perspective: Perspective) -> list[Counted]:
        """Return the counts of the years that there are."""
        every = _each_once(pages).filter(**{f"{self.field}__isnull": False})
        is_time = isinstance(every.model._meta.get_field(self.field), DateTimeField)
        year = ExtractYear(self.field, tzinfo=datetime.UTC if is_time else None)
        return of_years(
            {row["of_value"]: row["there"] for row in _most(every.values(of_value=year))}
        )


def of_years(counts: Mapping[int, int]) -> list[Counted]:
    """Return the counts of years in the form of a facet, the latest first."""
    return [
        {"value": str(year), "label": str(year), "count": count}
        for year, count in sorted(counts.items(), reverse=True)
    ]


def asked_for(query: QueryDict, facets: Mapping[str, Facet]) -> list[str]:
    """Return the names of the facets that a request asks for; raises `BadParameters` for one that there is not."""
    names = several("facets", str(query["facets"]))
    unknown = [name for name in names if name not in facets]
    if unknown:
        known = ", ".join(sorted(facets))
        raise bad_parameter("facets", f"facets cannot be '{unknown[0][:40]}'; it takes {known}.")
    if "search" in query:
        raise bad_parameter(
            "facets", "facets cannot be combined with search: they count what filters keep."
        )
    return names


def _each_once(pages: QuerySet[Any]) -> QuerySet[Any]:
    """Return `pages` as a queryset without joins of its own, in which a count is of pages and not of rows."""
    every: QuerySet[Any] = pages.model._default_manager.filter(pk__in=pages.order_by().values("pk"))
    return every.order_by()


def _most(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows with how many pages are `there` with each, those that most pages have."""
    counted = rows.annotate(there=Count("pk", distinct=True))
    most: QuerySet[Any] = counted.order_by("-there", "of_value")[:MOST_VALUES]
    return most


def _target(model: Any, path: str) -> Any:
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
