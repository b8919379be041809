"""What goes live and what ends, as a list, a month and a history."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import page_permission_policy

from .conflicts import find_conflicts
from .entries import MAY, MOST_AHEAD, Ahead, Entry, approaching, past, seen_by
from .forms import LIST, MONTHS, PAST, Month, ScheduleForm
from .models import CalendarLink
from .telling import said

KEPT = timedelta(days=90)
"""How far back the list of the past goes; a month of the calendar shows what is older."""

AT_ONCE = 50
"""So many are on a page of a list."""


LATE = timedelta(seconds=30)
"""After so much time something that is due and was not done is called late."""


def may_see(user: Any) -> bool:
    """Return whether somebody may do anything with a page, and so see when some of them go live."""
    return bool(page_permission_policy.user_has_any_permission(user, MAY))


class ScheduleView(WagtailAdminTemplateMixin, TemplateView):
    """One of three ways to look at it, each filtered by type and person."""

    page_title = _("Schedule")
    header_icon = "calendar-alt"
    template_name = "schedule/schedule.html"
    way = LIST

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Refuse whoever may do nothing with any page."""
        if not may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead to the admin's home page."""
        here = {"url": "", "label": self.page_title, "sublabel": self.page_subtitle}
        return [*super().get_breadcrumbs_items(), here]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 400 with a sentence if what is asked for is no month, or no choice."""
        context = self.get_context_data(**kwargs)
        is_wrong = bool(context["wrong"]) or not context["form"].is_valid()
        return self.render_to_response(context, status=400 if is_wrong else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what there is to see."""
        asked, user = self.request.GET, self.request.user
        month, wrong = None, ""
        if self.way == MONTHS:
            try:
                month = Month(asked.get("month", ""))
            except ValueError as error:
                month, wrong = Month(""), str(error)
        ahead = approaching()
        seen = seen_by(user, self._period(ahead, month))
        form = ScheduleForm(asked, seen)
        entries = form.filtered(seen)
        page = None
        if month is None:
            page = Paginator(entries, AT_ONCE).get_page(asked.get("p"))
            entries = list(page)
        find_conflicts(entries, ahead.entries)
        now = timezone.now()
        for entry in entries:
            entry.person_name = form.people.get(str(entry.person), "")
            entry.said = said(entry.failure) if entry.failure else ""
            entry.is_late = not entry.is_past and not entry.failure and entry.at < now - LATE
        return super().get_context_data(
            **kwargs,
            way=self.way,
            form=form,
            wrong=wrong,
            month=month,
            weeks=month.days(entries) if month else None,
            entries=entries,
            entries_page=page,
            most=MOST_AHEAD,
            known_until=self._known_until(ahead, month),
            ways=self._ways(),
            link=self._link(),
        )

    def _period(self, ahead: Ahead, month: Month | None) -> list[Entry]:
        now = timezone.now()
        if self.way == PAST:
            return past(now - KEPT, now)
        if month is None:
            return ahead.entries
        within = [entry for entry in ahead.entries if month.since <= entry.at < month.until]
        return [*past(month.since, month.until), *within]

    def _known_until(self, ahead: Ahead, month: Month | None) -> datetime | None:
        """Return after when something is scheduled that is not looked at, if it would be seen here."""
        if self.way == PAST or (month and ahead.until and month.until <= ahead.until):
            return None
        return ahead.until

    def _ways(self) -> list[dict[str, Any]]:
        """Return the three ways, with the filters that are set."""
        kept = self.request.GET.copy()
        for name in ("p", "month"):
            kept.pop(name, None)
        names = ((LIST, _("Approaching")), (MONTHS, _("Month")), (PAST, _("Past")))
        return [
            {
                "url": f"{reverse(f'schedule:{way}')}{'?' if kept else ''}{kept.urlencode()}",
                "label": label,
                "is_here": way == self.way,
            }
            for way, label in names
        ]

    def _link(self) -> str:
        """Return the address of the user's calendar, or nothing."""
        link = CalendarLink.objects.filter(user=self.request.user.pk).first()
        if link is None:
            return ""
        return self.request.build_absolute_uri(reverse("schedule_calendar", args=[link.token]))


class ScheduleItem(MenuItem):
    """The menu item, for whoever may do something with a page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the user may do anything with any page."""
        return may_see(request.user)
