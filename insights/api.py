"""`insights/`: the collection of insights, with its own filters."""

import datetime
from typing import ClassVar

from django.db.models import Q, QuerySet

from frontend_api.endpoints.collections import CollectionViewSet, Feed, register
from frontend_api.endpoints.facets import CasesFacet, RelatedFacet, YearFacet
from frontend_api.endpoints.filters import (
    AnyCaseFilter,
    ChoiceFilter,
    CollectionFilterSet,
    DateFilter,
    SlugsFilter,
    WholeNumberFilter,
)

from .models import ARTICLE, KINDS, InsightPage

ABOUT_KINDS = {
    kind: Q(external_url="") if kind == ARTICLE else ~Q(external_url="") for kind, _ in KINDS
}


class InsightFilterSet(CollectionFilterSet):
    """The filters `kind`, `theme`, `source`, `year`, `published_after` and `published_before`."""

    kind = ChoiceFilter(
        choices=KINDS,
        method="filter_kind",
        help_text="Whether it is an article of ours or leads elsewhere.",
    )
    theme = SlugsFilter(
        field_name="themes__slug", help_text="Slugs of themes, any of which it has."
    )
    source = AnyCaseFilter(
        field_name="source",
        help_text="Whose article it is, in capitals or not.",
    )
    year = WholeNumberFilter(
        field_name="published_on",
        lookup_expr="year",
        min_value=datetime.MINYEAR,
        max_value=datetime.MAXYEAR,
        help_text="The year in which it was published.",
    )
    published_after = DateFilter(
        field_name="published_on", lookup_expr="gte", help_text="A date, which is included."
    )
    published_before = DateFilter(
        field_name="published_on", lookup_expr="lte", help_text="A date, which is included."
    )

    def filter_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep our own articles, or those published elsewhere."""
        return queryset.filter(ABOUT_KINDS[value])


class InsightsViewSet(CollectionViewSet):
    """Insights, the newest first."""

    model = InsightPage
    filterset_class = InsightFilterSet
    facets: ClassVar = {
        "kind": CasesFacet({kind: (label, ABOUT_KINDS[kind]) for kind, label in KINDS}),
        "theme": RelatedFacet("themes"),
        "year": YearFacet(
            "published_on",
            also=("published_after", "published_before", "published_on_from", "published_on_to"),
        ),
    }
    order_fields: ClassVar = (
        "id",
        "title",
        "published_on",
        "source",
        "first_published_at",
        "last_published_at",
    )
    default_order: ClassVar = ("-published_on",)
    feed: ClassVar = Feed(categories="themes", link="link", published="published_on")


register("insights", InsightsViewSet)
