"""The forms with which somebody signs in; each attempt is counted."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm

from . import throttle
from .reset import send_reset


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from; of an address of IPv6, the network that one customer has."""
    return truncate_ip(get_adapter().get_client_ip(request))


def _refuse(limit: str) -> forms.ValidationError:
    # Whether there is such an account is not said, so that nobody can find out who has one.
    text = _("There were too many attempts. Wait %(minutes)d minutes, then try again.")
    return forms.ValidationError(text % {"minutes": throttle.minutes(limit)}, code="throttled")


class SignInForm(LoginForm):
    """Wagtail's form, in which an account and an address can be tried so many times only."""

    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        """Count the attempt, then look whether the password is right."""
        username = self.cleaned_data.get("username", "").casefold()
        counted = [("address", address_of(self.request)), ("account", username)]
        for limit, whose in counted:
            if not throttle.is_allowed(limit, whose):
                raise _refuse(limit)
        cleaned: dict[str, Any] = super().clean()
        if self.get_user() is not None:
            for limit, whose in counted:
                throttle.take_back(limit, whose)
        return cleaned


class ResetForm(PasswordResetForm):
    """Asks for a mail with which a password can be set again.

    A worker looks whether there is such an account, so that the answer takes the same time if there is none.
    """

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        """Count the attempt of an address; that of an account is not said to be counted."""
        if not throttle.is_allowed("reset_address", address_of(self.request)):
            raise _refuse("reset_address")
        return super().clean()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to a worker, unless this account was sent enough mails for now."""
        email = self.cleaned_data["email"]
        if throttle.is_allowed("reset", email.casefold()):
            send_reset(email)


class _Counted:
    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """Count the attempt, then look whether the code is right."""
        whose = str(self.user.pk)
        if not throttle.is_allowed("code", whose):
            raise _refuse("code")
        code: str = super().clean_code()  # type: ignore[misc]
        throttle.take_back("code", whose)
        return code


class CodeForm(_Counted, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_Counted, ReauthenticateForm):
    """The same code, before something that matters is changed."""
