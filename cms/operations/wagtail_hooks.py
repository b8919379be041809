"""Hooks into Wagtail's admin: the page that says how the service is."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .status import StatusItem, StatusView

NAME = "operations_status"


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Add the page to the admin."""
    return [path("status/", StatusView.as_view(), name=NAME)]


@hooks.register("register_reports_menu_item")
def status_item() -> MenuItem:
    """Add the page to the Reports menu."""
    return StatusItem(
        _("Status"), reverse(NAME), name="status", icon_name="info-circle", order=1050
    )
