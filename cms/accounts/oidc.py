"""Signing in with an account of one's organisation (OpenID Connect), and out when that account ends.

Whoever comes from the provider has the groups here that `OIDC_GROUPS` gives to theirs there. A session of theirs holds
for as long as the provider vouches for it: a worker asks every minute or two, and a session that was not confirmed for
five minutes is over, whatever the reason.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.utils import generate_unique_username
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.models import User

from . import discovery
from .discovery import SUPERUSER
from .models import ProviderSession
from .sealing import seal, unseal

logger = logging.getLogger(__name__)

HOLDS = timedelta(minutes=5)
"""For how long a session holds after the provider last vouched for it."""
ASK_AFTER = timedelta(minutes=1)
MARK = "provider_session"
"""What says in a session that a provider vouches for it."""


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Makes accounts of those whom the provider knows, and who have a group here."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the account, and give it its groups; turn away whoever has none."""
        claims = claims_of(sociallogin.account.extra_data)
        if not has_group(claims):
            text = _(
                "Your account may not use the CMS. Ask whoever looks after accounts to add you to a group of it."
            )
            raise ImmediateHttpResponse(_back(request, text))
        with transaction.atomic():
            if not sociallogin.is_existing:
                sociallogin.connect(request, self._account(claims))
            give_groups(sociallogin.user, claims)

    def _account(self, claims: dict[str, Any]) -> User:
        """Return the only account with the address that the provider has verified, or a new one."""
        email = _text(claims, "email", 254)
        if email and claims.get("email_verified") is True:
            known = list(User.objects.filter(email__iexact=email)[:2])
            if len(known) == 1:
                return known[0]
        name = generate_unique_username(
            [str(claims.get("preferred_username") or ""), email, "user"]
        )
        user = User(
            username=name,
            email=email,
            first_name=_text(claims, "given_name", 150),
            last_name=_text(claims, "family_name", 150),
        )
        user.set_unusable_password()
        user.save()
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Return to the login with a sentence."""
        # What the provider says may be a page, and long.
        reason = " ".join(str(kwargs.get("exception") or kwargs.get("error")).split())[:500]
        logger.warning("Signing in with the provider failed: %s", reason)
        text = _(
            "Signing in with %(name)s did not work. Try again, or ask whoever looks after accounts."
        )
        raise ImmediateHttpResponse(_back(request, text % {"name": settings.OIDC["name"]}))


def _back(request: HttpRequest, text: str) -> HttpResponse:
    messages.error(request, text)
    return redirect("wagtailadmin_login")


def claims_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return what the provider says of somebody when it is asked, as it will be again and again."""
    found: dict[str, Any] = data.get("userinfo") or {}
    return found


def ours(claims: dict[str, Any]) -> set[str]:
    """Return the groups here of somebody with these claims."""
    theirs = claims.get(settings.OIDC["claim"]) or []
    names = theirs if isinstance(theirs, list) else [theirs]
    mapped = settings.OIDC["groups"]
    return {mapped[name] for name in names if isinstance(name, str) and name in mapped}


def has_group(claims: dict[str, Any]) -> bool:
    """Return whether somebody with these claims has a group here; if not, the log says by which setting that is."""
    names = ours(claims)
    missing = set(discovery.missing_groups()) & names
    if missing:
        logger.warning(discovery.no_such_groups(sorted(missing)))
    if names - missing:
        return True
    if settings.OIDC["claim"] not in claims:
        logger.warning(discovery.no_such_claim(claims))
    elif not names:
        logger.warning("Somebody was turned away: OIDC_GROUPS has none of their groups.")
    return False


def _text(claims: dict[str, Any], name: str, most: int) -> str:
    return str(claims.get(name) or "").replace("\0", "")[:most]


def give_groups(user: Any, claims: dict[str, Any]) -> None:
    """Give somebody exactly those groups, of all that the provider decides about."""
    wanted, decided = ours(claims), set(settings.OIDC["groups"].values())
    has = {group.name: group for group in user.groups.filter(name__in=decided)}
    if missing := wanted - {SUPERUSER} - has.keys():
        user.groups.add(*Group.objects.filter(name__in=missing))
    if surplus := [group for name, group in has.items() if name not in wanted]:
        user.groups.remove(*surplus)
    if SUPERUSER in decided and user.is_superuser != (SUPERUSER in wanted):
        user.is_superuser = SUPERUSER in wanted
        user.save(update_fields=["is_superuser"])


def keep(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Remember that the provider vouches for this session."""
    request.session[MARK] = True
    request.session.save()
    token = sociallogin.token.token_secret if sociallogin.token else ""
    now = timezone.now()
    ProviderSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "account": sociallogin.account,
            "refresh_token": seal(token) if token else "",
            "confirmed_at": now,
            "asked_at": now,
        },
    )


class ConfirmedMiddleware:
    """Ends the session of whom the provider no longer vouches for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Look when the provider last vouched for the session; the API knows nobody who is signed in."""
        match = request.resolver_match
        # A session that is looked into makes the answer vary by the cookie.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if match is None or "frontend_api" in match.app_names or MARK not in request.session:
            return
        holding = ProviderSession.objects.filter(
            pk=request.session.session_key, confirmed_at__gt=timezone.now() - HOLDS
        )
        if not settings.OIDC or not holding.exists():
            logout(request)


def confirm() -> None:
    """Ask the provider about each session, in a worker; end those of accounts that it does not know any more."""
    if not settings.OIDC:
        return
    now = timezone.now()
    ProviderSession.objects.filter(confirmed_at__lte=now - HOLDS).delete()
    due = ProviderSession.objects.filter(asked_at__lte=now - ASK_AFTER).exclude(refresh_token="")
    sessions = list(due.select_related("account__user").order_by("asked_at"))
    if not sessions:
        return
    with requests.Session() as asking:
        known = discovery.configuration()
        for session in sessions:
            _confirm(asking, known, session)


def _confirm(asking: requests.Session, known: dict[str, Any], session: ProviderSession) -> None:
    ProviderSession.objects.filter(pk=session.pk).update(asked_at=timezone.now())
    parameters = discovery.identity(known)
    form = {"grant_type": "refresh_token", "refresh_token": unseal(session.refresh_token)}
    data = parameters.pop("data", {}) | form
    try:
        answer = asking.post(
            known["token_endpoint"], data=data, timeout=discovery.SECONDS, **parameters
        )
        if answer.status_code == 400 and _json_of(answer).get("error") == "invalid_grant":
            end(session)
            return
        if discovery.is_refused(answer.text):
            raise discovery.Trouble(discovery.refused())
        tokens = _json(answer)
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        told = asking.get(known["userinfo_endpoint"], headers=bearer, timeout=discovery.SECONDS)
        if told.status_code in {401, 403}:
            end(session)
            return
        claims = _json(told)
    except (requests.RequestException, KeyError) as error:
        # Who cannot be asked vouches for nobody: the session ends by itself if that lasts.
        logger.warning("The provider of accounts could not be asked: %s", error)
        return
    if claims.get("sub") != session.account.uid or not ours(claims):
        end(session)
        return
    with transaction.atomic():
        give_groups(session.account.user, claims)
    token = tokens.get("refresh_token") or unseal(session.refresh_token)
    ProviderSession.objects.filter(pk=session.pk).update(
        confirmed_at=timezone.now(), refresh_token=seal(token)
    )


def end(session: ProviderSession) -> None:
    """End a session of somebody who is not known any more."""
    import_module(settings.SESSION_ENGINE).SessionStore().delete(session.pk)
    session.delete()


def _json(response: requests.Response) -> dict[str, Any]:
    response.raise_for_status()
    return _json_of(response)


def _json_of(response: requests.Response) -> dict[str, Any]:
    """Return an object; raises `requests.RequestException` for anything else."""
    found = response.json()
    if not isinstance(found, dict):
        raise requests.RequestException("The provider answers with something else than an object.")
    return found
