"""Adds "Programmes" to the admin's main menu, and partners to its snippets."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.models import Theme
from cms.one_language import PageIndexView

from . import periods
from .models import Partner, ProgrammePage


class ProgrammeFilterSet(PageFilterSet):
    """The filters of the listing."""

    running = django_filters.ChoiceFilter(
        label=_("Runs"), choices=periods.STATUSES, method="filter_running", widget=RadioSelect
    )
    themes = django_filters.ModelMultipleChoiceFilter(
        label=_("Themes"), queryset=Theme.objects.all(), widget=CheckboxSelectMultiple
    )
    partner = django_filters.ModelMultipleChoiceFilter(
        label=_("Partners"),
        queryset=Partner.objects.all(),
        field_name="partners__partner",
        widget=CheckboxSelectMultiple,
    )
    # Programmes have no child pages.
    has_child_pages = None

    class Meta:
        model = ProgrammePage
        fields: ClassVar = ["themes"]

    def filter_running(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Keep programmes that are upcoming, active or completed today."""
        return queryset.filter(periods.with_status(value))


class ProgrammeIndexView(PageIndexView):
    """Fetches the partners of all listed programmes together."""

    def annotate_queryset(self, pages: Any) -> Any:
        """Return the pages with the partners that a column shows."""
        return super().annotate_queryset(pages).prefetch_related("partners__partner")


def _partners(programme: ProgrammePage) -> str:
    return ", ".join(choice.partner.name for choice in programme.partners.all())


def _running(programme: ProgrammePage) -> str:
    return str(dict(periods.STATUSES)[programme.status])


class ProgrammeListing(PageListingViewSet):
    """Every programme with its period and partners."""

    model = ProgrammePage
    index_view_class = ProgrammeIndexView
    icon = "globe"
    menu_label = _("Programmes")
    menu_order = 101
    add_to_admin_menu = True
    ordering = "-latest_revision_created_at"
    filterset_class = ProgrammeFilterSet
    columns: ClassVar = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title"),
        Column("period", label=_("Period"), sort_key="start_year", width="12%"),
        Column("running", label=_("Runs"), accessor=_running, width="10%"),
        Column("partners", label=_("Partners"), accessor=_partners, width="20%"),
        DateColumn(
            "latest_revision_created_at",
            label=_("Edited"),
            sort_key="latest_revision_created_at",
            width="12%",
        ),
        PageStatusColumn("status", label=_("Status"), sort_key="live", width="12%"),
    ]


@hooks.register("register_admin_viewset")
def register_programme_listing() -> ProgrammeListing:
    """Add the listing and its menu item."""
    return ProgrammeListing("programmes")


class PartnerViewSet(SnippetViewSet):
    """Partners, each with where it is used."""

    model = Partner
    icon = "group"
    menu_order = 201
    list_display: ClassVar = ["name", "website"]
    ordering: ClassVar = ["name"]


register_snippet(PartnerViewSet)
