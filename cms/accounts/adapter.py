"""How allauth fits into this service: what it asks about accounts, and about second factors."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from . import devices, oidc, second_factor
from .sealing import seal, unseal

RECENT = 5 * 60
"""For how many seconds after somebody proved who they are they may change how they prove it."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators, and lead to the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go to the admin where nothing else was asked for."""
        return reverse("wagtailadmin_home")

    def known_client_ip(self, request: HttpRequest) -> str:
        """Return where a request comes from, as the proxies say; nothing where they do not say it, or nobody does."""
        try:
            address: str = super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return ""
        return address

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where a request comes from; what went past the proxies comes from whoever is connected."""
        # A server that listens on a socket of Unix is connected to nobody who has an address.
        nobody = "0.0.0.0"  # noqa: S104
        return self.known_client_ip(request) or request.META.get("REMOTE_ADDR") or nobody

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Tell what has changed, but not that somebody signed in: the admin says so itself."""
        template = kwargs.get("message_template") or (args[0] if args else None)
        if template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again whoever has proved who they are some time ago; not who has just signed in."""
        records = get_authentication_records(context.request, context.request.user)
        return not any(time.time() - record["at"] < RECENT for record in records)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Keep the session as long as was asked for, and note the browser."""
        told = dict(kwargs.pop("signal_kwargs") or {})
        is_remembered = told.pop("remember", False)
        request.session.set_expiry(settings.SESSION_COOKIE_AGE if is_remembered else 0)
        response: HttpResponse = super().post_login(request, user, signal_kwargs=told, **kwargs)
        devices.note(request, response, user)
        if sociallogin := told.get("sociallogin"):
            oidc.keep(request, sociallogin)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors are kept unreadable, and stay where they have to be."""

    def encrypt(self, text: str) -> str:
        """Keep a secret so that the database alone does not give it away."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read what `encrypt` returned."""
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays with whoever has to have one."""
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(
            pk=authenticator.pk
        )
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        is_last = not others.filter(type__in=kinds).exists()
        return not (is_last and second_factor.is_required(authenticator.user))
