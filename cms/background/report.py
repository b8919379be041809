"""The report of tasks that fail, in the admin's Reports menu, and a warning on its home page; for administrators."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from frontend_api.scheduling.lateness import Lateness

from . import health
from .models import QueuedTask


class AdministratorsOnly(View):
    """A view for superusers."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Refuse everybody else."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class AgainColumn(Column):
    """The button that has a task tried again now."""

    cell_template_name = "background/again_cell.html"

    def get_cell_context_data(self, instance: QueuedTask, parent_context: Any) -> dict[str, Any]:
        """Add the CSRF token, and what the task is for."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        name = health.name_of(instance)
        return {**context, "csrf_token": get_token(context["request"]), "name": name}


class FailingTasksReport(AdministratorsOnly, ReportView):
    """Lists the tasks that were given up, then those that failed and are tried again."""

    page_title = _("Background tasks")
    header_icon = "history"
    results_template_name = "background/results.html"
    model = QueuedTask
    is_searchable = False
    index_url_name = "background:report"
    index_results_url_name = "background:report_results"
    no_results_message = _("No task has failed.")
    columns: ClassVar = [
        Column("name", label=_("Task"), accessor=health.name_of, classname="title"),
        Column("state", label=_("State"), accessor=health.state_of),
        Column("error", label=_("What went wrong"), accessor=health.error_of),
        Column("attempts", label=_("Attempts")),
        DateColumn("enqueued_at", label=_("Asked for")),
        DateColumn("started_at", label=_("Last tried")),
        AgainColumn("again", label=_("Try again")),
    ]

    def get_base_queryset(self) -> Any:
        """Return the tasks that fail."""
        return health.failing()

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the jobs that are done again and again, and how late pages are."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return {**context, "jobs": health.job_states(), "late": health.late_pages()}


class TryAgainView(AdministratorsOnly):
    """Has one task tried again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Let the task run as soon as a worker is free, and say so."""
        task = get_object_or_404(health.failing(), pk=pk)
        task.try_again()
        messages.success(
            request,
            gettext("%(task)s: this is tried again now. It returns here if it fails.")
            % {"task": health.name_of(task)},
        )
        return HttpResponseRedirect(reverse("background:report"))


class ReportItem(MenuItem):
    """The menu item of the report, for administrators."""

    def is_shown(self, request: Any) -> bool:
        """Return whether the user is an administrator."""
        return bool(request.user.is_superuser)


class TasksPanel(Component):
    """Says on the admin's home page that tasks were given up, that nobody runs them, or that pages are late."""

    template_name = "background/panel.html"
    order = 51

    def __init__(
        self,
        given_up: int,
        waiting: int,
        jobs: list[health.JobState],
        late: Lateness | None,
    ) -> None:
        self.context = {"given_up": given_up, "waiting": waiting, "jobs": jobs, "late": late}

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the context of the template."""
        return self.context
