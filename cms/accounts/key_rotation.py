"""Lets sessions outlive the secret key by which they began, in place and with all that belongs to them.

Django itself lets them go on, and gives each another key in the database: previews, which belong to the session in
which they were typed, would end with the old one, and of two requests at once the later would find nobody.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from cms.models import User


class SessionsOutliveKeys:
    """Signs a session again by the secret key of today, if it was signed by one in `SECRET_KEY_FALLBACKS`.

    List it before `AuthenticationMiddleware`. Without former keys it does nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Renew the session of a request that has one."""
        if settings.SECRET_KEY_FALLBACKS and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _renew(request)
        return self.get_response(request)


def _renew(request: HttpRequest) -> None:
    signed = request.session.get(HASH_SESSION_KEY, "")
    user = User.objects.filter(pk=request.session.get(SESSION_KEY)).first() if signed else None
    if user is None:
        return
    today = user.get_session_auth_hash()
    if constant_time_compare(signed, today):
        return
    if any(constant_time_compare(signed, one) for one in user.get_session_auth_fallback_hash()):
        request.session[HASH_SESSION_KEY] = today
