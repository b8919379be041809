"""Puts second factors and sessions into the menu of one's own account."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks


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
