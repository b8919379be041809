"""Hooks into Wagtail's admin: the schedule in the Reports menu, and what failed in the form of what it is about."""

from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static

from .forms import LIST, MONTHS, PAST
from .links import LinkView
from .telling import warn_in_form
from .views import ScheduleItem, ScheduleView

for name in ("before_edit_page", "before_edit_snippet"):
    hooks.register(name, warn_in_form)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern | URLResolver]:
    """Add the schedule to the admin."""
    views = [
        path("", ScheduleView.as_view(), name=LIST),
        path("month/", ScheduleView.as_view(way=MONTHS), name=MONTHS),
        path("past/", ScheduleView.as_view(way=PAST), name=PAST),
        path("calendar/", LinkView.as_view(), name="link"),
    ]
    return [path("schedule/", include((views, "schedule")))]


@hooks.register("register_reports_menu_item")
def schedule_item() -> MenuItem:
    """Add the schedule to the Reports menu, before what has happened."""
    url = reverse("schedule:list")
    return ScheduleItem(_("Schedule"), url, name="schedule", icon_name="calendar-alt", order=100)


@hooks.register("insert_global_admin_css")
def schedule_styles() -> str:
    """Add the styles of the calendar."""
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("cms/schedule.css"))
