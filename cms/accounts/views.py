"""Signing in, in the look of Wagtail's admin and by the steps of allauth."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.account import LoginView, PasswordResetView

from .forms import ResetForm, SignInForm


class SignIn(LoginView):
    """Asks for a password, and then for the second factor of whoever has one."""

    def get_form_class(self) -> type[SignInForm]:
        """Use the form that counts attempts."""
        return SignInForm

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
