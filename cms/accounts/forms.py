"""The forms with which somebody signs in; each attempt is counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ReauthenticateForm as PasswordOnceMoreForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
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


@contextmanager
def counted_password(user: Any) -> Iterator[None]:
    """Count an attempt at the password of whoever is signed in; the block raises an error if it is wrong."""
    whose = str(user.get_username()).casefold()
    if not throttle.is_allowed("account", whose):
        raise _refuse("account")
    yield
    throttle.take_back("account", whose)


class PasswordAgainForm(PasswordOnceMoreForm):
    """The password of whoever is signed in, before something that matters is changed."""

    def clean_password(self) -> str:
        """Count the attempt, then look whether the password is right."""
        with counted_password(self.user):
            password: str = super().clean_password()
        return password


class _Counted:
    user: Any
    authenticator: Authenticator
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """Count the attempt, then look whether the code is right, and was not used before."""
        whose = str(self.user.pk)
        if not throttle.is_allowed("code", whose):
            raise _refuse("code")
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not _is_new(self.user, code):
            self._emit_authentication_failed(self.authenticator)
            raise _incorrect_code()
        throttle.take_back("code", whose)
        return code

    # allauth's own name for what a wrong code does besides: it is logged, and its signal is sent.
    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)  # type: ignore[misc]


class CodeForm(_Counted, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(_Counted, ReauthenticateForm):
    """The same code, before something that matters is changed."""


class FirstCodeForm(ActivateTOTPForm):
    """The first code of an app that is set up, which is used by that."""

    def clean_code(self) -> str:
        """Look whether the code is right, and was not used before."""
        code: str = super().clean_code()
        if not _is_new(self.user, code):
            raise _incorrect_code()
        return code


def _is_new(user: Any, code: str) -> bool:
    """Return whether nobody has used a code of an app before, in any process; from now on somebody has."""
    # As allauth reads a code, of which it says so in an internal module alone: "123 456" is the code "123456".
    return throttle.is_allowed("used_code", f"{user.pk}:{normalize_user_code(code)}")


def _incorrect_code() -> forms.ValidationError:
    """Return the error that a wrong code is, too."""
    error: forms.ValidationError = get_mfa_adapter().validation_error("incorrect_code")
    return error
