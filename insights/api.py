"""`insights/`: the collection of insights, with its own filters."""

from typing import ClassVar

from django.db.models import QuerySet

from frontend_api.endpoints.collections import CollectionViewSet, Feed, register
from frontend_api.endpoints.filters import (
    AnyCaseFilter,
    ChoiceFilter,
    CollectionFilterSet,
    DateFilter,
    SlugsFilter,
)

from .models import ARTICLE, KINDS, InsightPage


class InsightFilterSet(CollectionFilterSet):
    """The filters `kind`, `theme`, `source`, `published_after` and `published_before`."""

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
    published_after = DateFilter(
        field_name="published_on", lookup_expr="gte", help_text="A date, which is included."
    )
    published_before = DateFilter(
        field_name="published_on", lookup_expr="lte", help_text="A date, which is included."
    )

    def filter_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep our own articles, or those published elsewhere."""
        return (
            queryset.filter(external_url="")
            if value == ARTICLE
            else queryset.exclude(external_url="")
        )


class InsightsViewSet(CollectionViewSet):
    """Insights, the newest first."""

    model = InsightPage
    filterset_class = InsightFilterSet
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
