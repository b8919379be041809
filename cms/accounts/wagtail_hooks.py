"""Puts second factors and sessions into the menu of one's own account."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_account_menu_item")
def second_factor(request: HttpRequest) -> dict[str, Any]:
    """Lead to authenticator apps, passkeys and recovery codes."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factor"),
        "help_text": _("Protect your account with an app on your phone, or with a passkey."),
    }


@hooks.register("register_account_menu_item")
def sessions(request: HttpRequest) -> dict[str, Any]:
    """Lead to the sessions."""
    return {
        "url": reverse("usersessions_list"),
        "label": _("Sessions"),
        "help_text": _("See where you are signed in, and sign out elsewhere."),
    }


class SessionsMenuItem(MenuItem):
    """Who is signed in, for administrators."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to superusers."""
        return bool(request.user.is_superuser)


@hooks.register("register_settings_menu_item")
def everybodys_sessions() -> MenuItem:
    """Lead to the sessions of all accounts."""
    return SessionsMenuItem(
        _("Sessions"), reverse("accounts_sessions"), name="sessions", icon_name="key", order=700
    )
