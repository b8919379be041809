"""The years in which programmes run: as text, as a status, and as conditions of queries."""

from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from frontend_api.dependencies.clock import this_year

Status = Literal["upcoming", "active", "completed"]

UPCOMING: Literal["upcoming"] = "upcoming"
ACTIVE: Literal["active"] = "active"
COMPLETED: Literal["completed"] = "completed"
STATUSES = [
    (UPCOMING, gettext_lazy("Upcoming")),
    (ACTIVE, gettext_lazy("Active")),
    (COMPLETED, gettext_lazy("Completed")),
]


def period(start_year: int | None, end_year: int | None) -> str:
    """Return the years for display: `2015 – 2023`, `Since 2015`, `From 2030`, or `2015` for a single year."""
    if start_year is None:
        # Only a draft can lack its first year.
        return ""
    if end_year is None:
        words = gettext("Since %(year)s") if start_year <= this_year() else gettext("From %(year)s")
        return words % {"year": start_year}
    return str(start_year) if start_year == end_year else f"{start_year} – {end_year}"


def status(start_year: int | None, end_year: int | None) -> Status:
    """Return whether something that runs in these years is `upcoming`, `active` or `completed` this year."""
    year = this_year()
    if start_year is None or start_year > year:
        return UPCOMING
    return COMPLETED if end_year is not None and end_year < year else ACTIVE


def with_status(wanted: str) -> Q:
    """Return the condition for programmes whose `status` is `wanted`."""
    year = this_year()
    conditions = {
        UPCOMING: Q(start_year__gt=year) | Q(start_year__isnull=True),
        ACTIVE: running_in(year),
        COMPLETED: Q(start_year__lte=year, end_year__lt=year),
    }
    return conditions[wanted]


def running_in(year: int) -> Q:
    """Return the condition for programmes that run in `year`."""
    return Q(start_year__lte=year) & (Q(end_year__isnull=True) | Q(end_year__gte=year))
