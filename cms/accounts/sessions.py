"""The sessions of all accounts, for administrators, who may end any of them."""

from allauth.usersessions.models import UserSession
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def everybodys(request: HttpRequest) -> HttpResponse:
    """List sessions, the newest first; a POST ends one (`session`), or all of an account (`user`)."""
    if not request.user.is_superuser:
        denied: HttpResponse = permission_denied(request)
        return denied
    if request.method == "POST":
        _end(request)
        return redirect("accounts_sessions")
    sessions = UserSession.objects.select_related("user").order_by("-last_seen_at", "-pk")
    page = Paginator(sessions, PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "cms/accounts/sessions.html", {"page_obj": page})


def _end(request: HttpRequest) -> None:
    asked = {"pk": request.POST.get("session", ""), "user": request.POST.get("user", "")}
    wanted = {name: value[:18] for name, value in asked.items() if value.isdecimal()}
    ended = list(UserSession.objects.filter(**wanted)) if wanted else []
    for session in ended:
        session.end()
    if not ended:
        messages.warning(request, _("That session has ended already."))
        return
    text = ngettext("%(number)d session was ended.", "%(number)d sessions were ended.", len(ended))
    messages.success(request, text % {"number": len(ended)})
