"""Hooks into Wagtail's admin: the report of tasks that fail, and a warning on the home page."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from . import health
from .report import FailingTasksReport, ReportItem, TasksPanel, TryAgainView


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern | URLResolver]:
    """Add the report to the admin."""
    views = [
        path("", FailingTasksReport.as_view(), name="report"),
        path("results/", FailingTasksReport.as_view(results_only=True), name="report_results"),
        path("<uuid:pk>/again/", TryAgainView.as_view(), name="again"),
    ]
    return [path("background-tasks/", include((views, "background")))]


@hooks.register("register_reports_menu_item")
def report_item() -> MenuItem:
    """Add the report to the Reports menu."""
    url = reverse("background:report")
    return ReportItem(
        _("Background tasks"), url, name="background-tasks", icon_name="history", order=1100
    )


@hooks.register("construct_homepage_panels")
def warn_of_tasks(request: Any, panels: list[Component]) -> None:
    """Warn administrators of tasks that were given up or that nobody runs, and of pages that are late."""
    if not request.user.is_superuser:
        return
    trouble = (
        health.given_up(),
        health.waiting_too_long(),
        health.troubled_jobs(),
        health.late_pages(),
    )
    if any(trouble):
        panels.append(TasksPanel(*trouble))
