"""The audit log in the admin's Reports menu: filtered, searched and exported, for superusers."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from cms.background.report import AdministratorsOnly

from .models import AuditEntry, Kind


class AuditFilters(WagtailFilterSet):
    """Narrows the log by what was done, by whom or about what, from where, and when."""

    kind = django_filters.MultipleChoiceFilter(
        label=_("What"), choices=Kind.choices, widget=CheckboxSelectMultiple
    )
    name = django_filters.CharFilter(label=_("Who, or about what"), method="named")
    address = django_filters.CharFilter(label=_("Address"), lookup_expr="startswith")
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = AuditEntry
        fields: ClassVar = ["kind", "name", "address", "at"]

    def named(self, entries: QuerySet[AuditEntry], field: str, text: str) -> QuerySet[AuditEntry]:
        """Return the entries of and about whoever or whatever has this in its name."""
        return entries.filter(Q(username__icontains=text) | Q(about__icontains=text))


class AuditReport(AdministratorsOnly, ReportView):
    """Lists what was done, the newest first."""

    page_title = _("Audit log")
    header_icon = "key"
    model = AuditEntry
    filterset_class = AuditFilters
    is_searchable = False
    index_url_name = "audit:report"
    index_results_url_name = "audit:report_results"
    no_results_message = _("There are no entries.")
    columns: ClassVar = [
        Column("kind", label=_("What"), accessor="get_kind_display", classname="title"),
        Column("who", label=_("Who")),
        Column("about", label=_("About")),
        Column("details", label=_("Details")),
        Column("address", label=_("Address")),
        DateColumn("at", label=_("When")),
    ]
    list_export: ClassVar = ["at", "kind", "username", "about", "details", "address"]
    export_headings: ClassVar = {"details": _("Details")}
    export_filename = "audit-log"

    def get_base_queryset(self) -> QuerySet[AuditEntry]:
        """Return all entries."""
        return AuditEntry.objects.all()


class AuditItem(MenuItem):
    """The menu item of the log, for superusers."""

    def is_shown(self, request: Any) -> bool:
        """Return whether the user is one."""
        return bool(request.user.is_superuser)
