"""`programmes/` and `partners/`, with the filters of programmes, and the `programme` filter of `insights/`."""

from typing import ClassVar

from django.db.models import Count, Q, QuerySet

from cms.validators import FIRST_YEAR, LAST_YEAR
from frontend_api.dependencies import clock
from frontend_api.endpoints.collections import CollectionViewSet, register
from frontend_api.endpoints.facets import Counted, Facet, RelatedFacet, of_years
from frontend_api.endpoints.filters import (
    ChoiceFilter,
    CollectionFilterSet,
    SlugsFilter,
    WholeNumberFilter,
)
from frontend_api.endpoints.snippets import SnippetViewSet
from frontend_api.endpoints.snippets import register as register_snippets
from frontend_api.visibility.perspective import Perspective
from insights.api import InsightsViewSet
from insights.models import InsightPage

from . import periods
from .models import Partner, ProgrammePage, RelatedInsight


class ProgrammeFilterSet(CollectionFilterSet):
    """The filters `status`, `running_in`, `year`, which is another name for it, `theme` and `partner`."""

    status = ChoiceFilter(
        choices=periods.STATUSES,
        method="filter_status",
        help_text="Whether it is to come, runs, or is over, today in the site's time zone.",
    )
    running_in = WholeNumberFilter(
        method="filter_running_in",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text="A year in which it runs; without a last year it goes on.",
    )
    year = WholeNumberFilter(
        method="filter_running_in",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text="As `running_in`.",
    )
    theme = SlugsFilter(
        field_name="themes__slug", help_text="Slugs of themes, any of which it has."
    )
    partner = SlugsFilter(
        field_name="partners__partner__slug", help_text="Slugs of partners, any of which it has."
    )

    def filter_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep programmes that are upcoming, active or completed today."""
        return queryset.filter(periods.with_status(value))

    def filter_running_in(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Keep programmes that run in a year."""
        return queryset.filter(periods.running_in(value))


class RunningYears(Facet):
    """Counts programmes by each year in which they run, up to this one, or to the last that any of them names."""

    def counts(self, pages: QuerySet, perspective: Perspective) -> list[Counted]:
        """Return the counts of the years in which any of the programmes runs, the latest first."""
        spans = pages.order_by().filter(start_year__isnull=False).values("start_year", "end_year")
        found = [
            (one["start_year"], one["end_year"], one["there"])
            for one in spans.annotate(there=Count("pk", distinct=True))
        ]
        this_year = clock.this_year()
        years = {
            year
            for first, last, _ in found
            for year in range(first, (max(first, this_year) if last is None else last) + 1)
            if FIRST_YEAR <= year <= LAST_YEAR
        }
        return of_years(
            {
                year: sum(
                    there
                    for first, last, there in found
                    if first <= year and (last is None or year <= last)
                )
                for year in years
            }
        )


class ProgrammesViewSet(CollectionViewSet):
    """Programmes, the latest to start first."""

    model = ProgrammePage
    filterset_class = ProgrammeFilterSet
    facets: ClassVar = {
        "partner": RelatedFacet("partners__partner"),
        "theme": RelatedFacet("themes"),
        "year": RunningYears(also=("running_in",)),
    }
    order_fields: ClassVar = (
        "id",
        "title",
        "start_year",
        "end_year",
        "first_published_at",
        "last_published_at",
    )
    default_order: ClassVar = ("-start_year",)


class RelatedToProgrammeFilter(SlugsFilter):
    """Keeps the insights that are related to the programmes with the given slugs."""

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        """Return the insights in `qs` that are related to the programmes; all of them if no slug is given."""
        return of_programmes(qs, value, self.parent.perspective) if value else qs


def of_programmes(insights: QuerySet, slugs: list[str], perspective: Perspective) -> QuerySet:
    """Return the `insights` that are related to the visible programmes with these slugs.

    Where a programme's editor chose no visible insight, all insights that share a theme with it count, and not only the
    newest, as in `related`.
    """
    programmes = perspective.pages(ProgrammePage).filter(slug__in=slugs)
    chosen = RelatedInsight.objects.filter(
        programme__in=programmes.values("pk"),
        insight__in=perspective.pages(InsightPage).values("pk"),
    )
    without = programmes.exclude(pk__in=chosen.values("programme"))
    sharing = InsightPage.objects.filter(themes__programmes__in=without.values("pk"))
    return insights.filter(Q(pk__in=chosen.values("insight")) | Q(pk__in=sharing.values("pk")))


class PartnersViewSet(SnippetViewSet):
    """Partners that a public programme names, by name."""

    model = Partner
    default_order: ClassVar = ("name",)


register("programmes", ProgrammesViewSet)
register_snippets("partners", PartnersViewSet)
InsightsViewSet.add_filter(
    "programme",
    RelatedToProgrammeFilter(help_text="Slugs of programmes, any of which it is related to."),
)
