"""Signing in, in the look of Wagtail's admin and by the steps of allauth."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin.views.account import LoginView, PasswordResetView

from .forms import ResetForm, SignInForm


class SignIn(LoginView):
    """Asks for a password, and then for the second factor of whoever has one."""

    def get_form_class(self) -> type[SignInForm]:
        """Use the form that counts attempts."""
        return SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which ways there are to sign in."""
        provider = None
        if settings.OIDC:
            next_url = urlencode({"next": self.get_success_url()})
            address = reverse("openid_connect_login", args=["sso"])
            provider = {"name": settings.OIDC["name"], "address": f"{address}?{next_url}"}
        ways = {"provider": provider, "takes_passwords": settings.LOCAL_PASSWORDS}
        return super().get_context_data(**kwargs) | ways

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take no password where none are in use."""
        if not settings.LOCAL_PASSWORDS:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """Go on to the next step; nobody is signed in before the last one."""
        login = Login(
            user=form.get_user(),
            redirect_url=self.get_success_url(),
            signal_kwargs={"remember": bool(form.cleaned_data.get("remember"))},
        )
        credentials = {"username": form.cleaned_data["username"]}
        return perform_password_login(self.request, credentials, login)


class AskForReset(PasswordResetView):
    """Asks for the mail with which a password is set again."""

    request: HttpRequest

    def get_form_class(self) -> type[ResetForm]:
        """Use the form that counts attempts."""
        return ResetForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form where the request comes from."""
        return super().get_form_kwargs() | {"request": self.request}
