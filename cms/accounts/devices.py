"""Tells somebody by mail that a browser signed in which they have not used before."""

import secrets
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from wagtail.users.models import UserProfile

from .models import KnownDevice

COOKIE = "device"
A_YEAR = 365 * 24 * 60 * 60


def note(request: HttpRequest, response: HttpResponse, user: Any) -> None:
    """Remember the browser of somebody who has signed in, and write to them if it is new."""
    value = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(24)
    # A browser is known by a former secret key, too, and by that of today from now on.
    today, *former = (
        _key(value, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )
    is_known = KnownDevice.objects.filter(user=user, key__in=[today, *former]).exists()
    KnownDevice.objects.update_or_create(user=user, key=today)
    if not is_known:
        _write(request, user)
    response.set_cookie(
        COOKIE,
        value,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _key(value: str, secret: str | bytes) -> str:
    salt = "cms.accounts.devices"
    return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


def _write(request: HttpRequest, user: Any) -> None:
    if not user.email:
        return
    profile = UserProfile.objects.filter(user=user).first()
    language = profile.get_preferred_language() if profile else settings.LANGUAGE_CODE
    with translation.override(language):
        told = {
            "user": user,
            "address": get_adapter().get_client_ip(request),
            "browser": get_adapter().get_http_user_agent(request)[:200],
            "at": timezone.now(),
            "base_url": settings.WAGTAILADMIN_BASE_URL,
        }
        body = render_to_string("cms/accounts/new_device.txt", told)
        EmailMultiAlternatives(
            _("A new browser signed in to your account"), body, None, [user.email]
        ).send()
