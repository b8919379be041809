"""The report of all shared drafts, in the admin's Reports menu."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from frontend_api.introspection import Page

from .actions import recipient
from .models import SharedDraft
from .views import RevokeColumn, StateColumn, expiry, maker_name, share_url

OPEN, EXPIRED, REVOKED = "open", "expired", "revoked"


class SharedDraftFilterSet(WagtailFilterSet):
    """The filters of the report."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="filter_state",
        choices=((OPEN, _("Not ended")), (EXPIRED, _("Expired")), (REVOKED, _("Revoked"))),
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    made_for = django_filters.CharFilter(label=_("For"), lookup_expr="icontains")

    class Meta:
        model = SharedDraft
        fields = ["state", "made_for"]

    def filter_state(self, queryset: Any, name: str, value: str) -> QuerySet[SharedDraft]:
        """Keep the links in one state."""
        now = timezone.now()
        conditions: dict[str, dict[str, Any]] = {
            OPEN: {"revoked_at": None, "expires_at__gt": now},
            EXPIRED: {"revoked_at": None, "expires_at__lte": now},
            REVOKED: {"revoked_at__isnull": False},
        }
        narrowed: QuerySet[SharedDraft] = queryset.filter(**conditions[value])
        return narrowed


def _report_url(shared: SharedDraft) -> str:
    return reverse("frontend_api_sharing:report")


def _title(shared: SharedDraft) -> str:
    return str(shared.page.get_admin_display_title())


class SharedDraftsReport(ReportView):
    """Lists every link to the draft of a page that the user may edit, newest first."""

    page_title = _("Shared drafts")
    header_icon = "link"
    model = SharedDraft
    permission_policy = policy_registry.get_by_type(Page)
    any_permission_required = ["add", "change"]
    filterset_class = SharedDraftFilterSet
    index_url_name = "frontend_api_sharing:report"
    index_results_url_name = "frontend_api_sharing:report_results"
    no_results_message = _("No draft has been shared.")
    columns = [
        TitleColumn("page", label=_("Page"), accessor=_title, get_url=share_url),
        Column(
            "made_for",
            label=_("For"),
            accessor=lambda shared: recipient(shared.made_for),
            sort_key="made_for",
        ),
        Column("shows", label=_("Shows")),
        Column("made_by", label=_("By"), accessor=maker_name),
        DateColumn("created_at", label=_("Created"), sort_key="created_at"),
        Column("expires_at", label=_("Expires"), accessor=expiry, sort_key="expires_at"),
        DateColumn("last_opened_at", label=_("Last opened"), sort_key="last_opened_at"),
        StateColumn("state", label=_("State")),
        RevokeColumn("revoke", _report_url, label=_("Revoke")),
    ]
    list_export = [
        "page",
        "made_for",
        "shows",
        "made_by",
        "created_at",
        "expires_at",
        "last_opened_at",
        "state",
    ]
    export_headings = {"shows": _("Shows"), "state": _("State"), "made_by": _("By")}

    def get_queryset(self) -> Any:
        """Return the links to drafts that the user may edit."""
        editable = self.permission_policy.instances_user_has_permission_for(
            self.request.user, "change"
        )
        self.queryset = SharedDraft.objects.filter(page__in=editable).listed()
        return super().get_queryset()

    def get_filename(self) -> str:
        """Return the name of the exported file, without its extension."""
        return f"shared-drafts-{timezone.localdate():%Y-%m-%d}"


class ReportMenuItem(MenuItem):
    """The menu item of the report, for users who may add or edit pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user may add or edit any page."""
        policy = policy_registry.get_by_type(Page)
        return bool(policy.user_has_any_permission(request.user, ["add", "change"]))
