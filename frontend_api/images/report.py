"""The report of images that readers never see, in the admin's Reports menu."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.images import get_image_model
from wagtail.permissions import policy_registry

from .models import broken
from .problems import problem_of


def _edit_url(image: Any) -> str:
    return reverse("wagtailimages:edit", args=[image.pk])


class BrokenImagesReport(ReportView):
    """Lists the images that the user may edit and readers never see, and why."""

    page_title = _("Images not shown")
    header_icon = "image"
    model = get_image_model()
    any_permission_required = ["add", "change"]
    index_url_name = "frontend_api_images:report"
    index_results_url_name = "frontend_api_images:report_results"
    no_results_message = _("Readers see all of your images.")
    default_ordering = "-created_at"
    columns = [
        TitleColumn("title", label=_("Image"), get_url=_edit_url, sort_key="title"),
        Column("problem", label=_("Why"), accessor=problem_of),
        Column("collection", label=_("Collection")),
        DateColumn("created_at", label=_("Added"), sort_key="created_at"),
    ]

    @cached_property
    def permission_policy(self) -> Any:
        """Return who may do what with images; it is not known before Wagtail has started."""
        return policy_registry.get_by_type(self.model)

    def get_queryset(self) -> Any:
        """Return the broken images that the user may edit."""
        editable: QuerySet[Any] = self.permission_policy.instances_user_has_permission_for(
            self.request.user, "change"
        )
        self.queryset = broken(editable).select_related("collection")
        return super().get_queryset()

    def get_filename(self) -> str:
        """Return the name of the exported file, without its extension."""
        return f"images-not-shown-{timezone.localdate():%Y-%m-%d}"


class BrokenImagesItem(MenuItem):
    """The menu item of the report, for users who may add or edit images."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user may add or edit any image."""
        policy = policy_registry.get_by_type(get_image_model())
        return bool(policy.user_has_any_permission(request.user, ["add", "change"]))
