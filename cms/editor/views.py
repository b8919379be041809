"""Whose session a browser has, and the way to log in again without leaving the page."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.utils import get_user_display_name

from cms.accounts import second_factor
from cms.accounts.views import SignIn


def _session(request: HttpRequest) -> JsonResponse:
    """Answer whose session this is, and with which token forms are accepted from now on; the user is null without one.

    Such as `{"user": "3", "username": "editor", "name": "Edith Torres", "token": "…"}`.
    """
    user = request.user
    is_editor = (
        user.is_authenticated
        and user.has_perm("wagtailadmin.access_admin")
        and not second_factor.is_due(request)
    )
    return JsonResponse(
        {
            "user": str(user.pk) if is_editor else None,
            "username": user.get_username() if is_editor else "",
            "name": get_user_display_name(user) if is_editor else "",
            "token": get_token(request),
        }
    )


@never_cache
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Answer whose session the browser has."""
    return _session(request)


class LogInAgain(SignIn):
    """The login as a part of a page; it answers who has logged in, or the form with what is wrong."""

    template_name = "cms/editor/login.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, to somebody who is logged in too: they may want to be somebody else."""
        return self.render_to_response(self.get_context_data())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the fields ids of their own: the page around may have a field for a password as well."""
        return super().get_form_kwargs() | {"auto_id": "id_log_in_again_%s"}

    def form_valid(self, form: Any) -> HttpResponse:
        """Log in, and answer whose session it is now, or lead to the second step in a window of its own."""
        response = super().form_valid(form)
        user = self.request.user
        is_missing = user.is_authenticated and second_factor.is_due(self.request)
        if user.is_authenticated and not is_missing:
            told = _session(self.request)
            # The browser is known from now on.
            told.cookies.update(response.cookies)
            return told
        address = reverse("mfa_index") if is_missing else response["Location"]
        step = {"address": address, "is_missing": is_missing}
        rendered = render(self.request, "cms/editor/second_step.html", step)
        rendered.cookies.update(response.cookies)
        return rendered

    def get_success_url(self) -> str:
        """Return to the page that the dialog is on, once the second step is taken elsewhere."""
        return reverse("editor_signed_in")
