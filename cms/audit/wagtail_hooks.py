"""Hooks into Wagtail's admin: the audit log in the Reports menu."""

from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .report import AuditItem, AuditReport


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern | URLResolver]:
    """Add the log to the admin."""
    views = [
        path("", AuditReport.as_view(), name="report"),
        path("results/", AuditReport.as_view(results_only=True), name="report_results"),
    ]
    return [path("reports/audit/", include((views, "audit")))]


@hooks.register("register_reports_menu_item")
def audit_item() -> MenuItem:
    """Add the log to the Reports menu."""
    url = reverse("audit:report")
    return AuditItem(_("Audit log"), url, name="audit-log", icon_name="key", order=1200)
