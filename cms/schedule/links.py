"""The calendar by a private link, which somebody's own calendar reads without a login, and who makes and ends it."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django.views import View
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event
from wagtail.admin import messages
from wagtail.users.models import UserProfile

from frontend_api.scheduling.due import Act

from .conflicts import find_conflicts
from .entries import Entry, approaching, past, seen_by
from .models import CalendarLink, link_of, make_link
from .telling import said
from .views import KEPT, may_see

LENGTH = timedelta(minutes=15)
"""How long a moment is in a calendar, so that it can be seen there."""

REFRESH = timedelta(hours=1)
"""How often a calendar is asked to look again."""


class LinkView(View):
    """Makes the user's link, makes it anew, or ends it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what the button says, and lead back."""
        if not may_see(request.user):
            raise PermissionDenied
        if request.POST.get("do") == "end":
            CalendarLink.objects.filter(user=request.user.pk).delete()
            messages.success(request, gettext("Your link to the calendar leads nowhere any more."))
        else:
            make_link(request.user)
            messages.success(
                request, gettext("Here is your link to the calendar. An older one has ended.")
            )
        return HttpResponseRedirect(f"{reverse('schedule:list')}#calendar")


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Give what somebody may see of the schedule as an iCalendar, as long as they may log in."""
    link = link_of(token)
    user: Any = link and link.user
    if not user or not user.is_active or not user.has_perm("wagtailadmin.access_admin"):
        raise Http404(gettext("This link to a calendar has ended, or never was."))
    now = timezone.now()
    with override(UserProfile.get_for_user(user).get_preferred_language()):
        scheduled = approaching().entries
        entries = seen_by(user, [*past(now - KEPT, now), *scheduled])
        find_conflicts(entries, scheduled)
        made = Calendar()
        made.add("prodid", "-//cms//schedule//EN")
        made.add("version", "2.0")
        made.add("x-wr-calname", gettext("Schedule of the website"))
        made.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        for entry in entries:
            made.add_component(_event(entry, request))
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'inline; filename="schedule.ics"',
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(
        made.to_ical(), content_type="text/calendar; charset=utf-8", headers=headers
    )


def _event(entry: Entry, request: HttpRequest) -> Event:
    if entry.act is Act.PUBLISH:
        text = gettext("Went live: %(title)s") if entry.is_past else gettext("Goes live: %(title)s")
    else:
        text = gettext("Ended: %(title)s") if entry.is_past else gettext("Ends: %(title)s")
    event = Event()
    # What is scheduled for another time stays the same event; each time that it was done is one of its own.
    when = f"-{entry.at:%Y%m%dT%H%M%S%f}" if entry.is_past else ""
    type_id, object_id = entry.key
    event.add("uid", f"{entry.act.value}-{type_id}-{object_id}{when}@{request.get_host()}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", entry.at)
    event.add("dtend", entry.at + LENGTH)
    event.add("summary", text % {"title": entry.title})
    notes = [entry.kind, *([said(entry.failure)] if entry.failure else []), *entry.conflicts]
    event.add("description", "\n".join(notes))
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", request.build_absolute_uri(entry.url))
    return event
