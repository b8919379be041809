"""Who has to have a second factor, and what they may do until they have shown it."""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.models import GroupPagePermission

# What leads to a second factor, and away from here.
OPEN = {
    "account_logout",
    "account_reauthenticate",
    "editor_log_in_again",
    "editor_session",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_sprite",
}


def is_required(user: Any) -> bool:
    """Return whether somebody has to have a second factor, by what they may do."""
    return any(_IS[role](user) for role in settings.SECOND_FACTOR_FOR)


def _is_administrator(user: Any) -> bool:
    return (
        user.is_superuser or user.has_perm("cms.change_user") or user.has_perm("auth.change_group")
    )


def _is_moderator(user: Any) -> bool:
    allowed = GroupPagePermission.objects.filter(
        group__user=user.pk, permission__codename="publish_page"
    )
    return user.is_superuser or allowed.exists()


def _is_editor(user: Any) -> bool:
    return user.has_perm("wagtailadmin.access_admin")


_IS: dict[str, Callable[[Any], bool]] = {
    "administrators": _is_administrator,
    "moderators": _is_moderator,
    "editors": _is_editor,
}


def is_shown(request: HttpRequest) -> bool:
    """Return whether this session was begun with a second factor, or has got one since."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def is_due(request: HttpRequest) -> bool:
    """Return whether whoever is signed in may go on only once they have shown a second factor."""
    return bool(settings.SECOND_FACTOR_FOR) and not is_shown(request) and is_required(request.user)


class SecondFactorMiddleware:
    """Leads whoever lacks a second factor that they have to have to where they set one up, before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what comes before the second factor; the API knows nobody who is signed in."""
        match = request.resolver_match
        if not settings.SECOND_FACTOR_FOR or match is None or "frontend_api" in match.app_names:
            return None
        if match.url_name in OPEN or not request.user.is_authenticated:
            return None
        return _lead(request) if is_due(request) else None


def _lead(request: HttpRequest) -> HttpResponse:
    has_one = is_mfa_enabled(request.user)
    text = (
        _("Show your second factor to go on.")
        if has_one
        else _("Your account needs a second factor. Set one up to go on.")
    )
    in_background = request.headers.get("x-requested-with") == "XMLHttpRequest"
    if in_background or not request.accepts("text/html"):
        told = {"success": False, "error_code": "second_factor", "error_message": text}
        return JsonResponse(told, status=403)
    messages.warning(request, text)
    if not has_one:
        return redirect("mfa_index")
    back = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")


@receiver(authenticator_added)
def _shown(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Take what somebody has just set up for shown in this session."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
