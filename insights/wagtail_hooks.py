"""Adds "Insights" to the admin's main menu."""

from typing import ClassVar

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet

from cms.models import Theme
from cms.one_language import PageIndexView

from .chooser.viewset import InsightChooserViewSet
from .models import ARTICLE, KINDS, InsightPage


class InsightFilterSet(PageFilterSet):
    """The filters of the listing."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=KINDS, method="filter_kind", widget=RadioSelect
    )
    themes = django_filters.ModelMultipleChoiceFilter(
        label=_("Themes"), queryset=Theme.objects.all(), widget=CheckboxSelectMultiple
    )
    published_on = django_filters.DateFromToRangeFilter(
        label=_("Date"), widget=DateRangePickerWidget
    )
    # Insights have no child pages.
    has_child_pages = None

    class Meta:
        model = InsightPage
        fields: ClassVar = ["published_on", "themes"]

    def filter_kind(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep our own articles, or those published elsewhere."""
        return (
            queryset.filter(external_url="")
            if value == ARTICLE
            else queryset.exclude(external_url="")
        )


def _date(insight: InsightPage) -> str:
    return date_format(insight.published_on)


class InsightListing(PageListingViewSet):
    """Every insight with its date, kind and source."""

    model = InsightPage
    index_view_class = PageIndexView
    icon = "doc-full"
    menu_label = _("Insights")
    menu_order = 102
    add_to_admin_menu = True
    ordering = "-latest_revision_created_at"
    filterset_class = InsightFilterSet
    columns: ClassVar = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
        Column(
            "published_on", label=_("Date"), accessor=_date, sort_key="published_on", width="12%"
        ),
        Column(
            "kind", label=_("Kind"), accessor=lambda insight: dict(KINDS)[insight.kind], width="12%"
        ),
        Column("source", label=_("Source"), sort_key="source", width="18%"),
        DateColumn(
            "latest_revision_created_at",
            label=_("Edited"),
            sort_key="latest_revision_created_at",
            width="12%",
        ),
        PageStatusColumn("status", label=_("Status"), sort_key="live", width="12%"),
    ]


@hooks.register("register_admin_viewset")
def register_insight_listing() -> InsightListing:
    """Add the listing and its menu item."""
    return InsightListing("insights")


@hooks.register("register_admin_viewset")
def register_insight_chooser() -> InsightChooserViewSet:
    """Add the window in which insights are chosen and made."""
    return InsightChooserViewSet("insight_chooser", url_prefix="insight-chooser")
