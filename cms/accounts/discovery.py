"""What the provider of accounts says of itself, and sentences that name the setting by which it is not reached.

Whoever signs in reads little of it; the log and `manage.py doctor` say all.
"""

import secrets
from typing import Any

import requests
from django.conf import settings
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

PATH = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "issuer", "jwks_uri")
SECONDS = 5
SUPERUSER = "superuser"


class Trouble(requests.RequestException):
    """The provider cannot be used; says why, and which setting is to be looked at."""


class Unreachable(Trouble, requests.ConnectionError):
    """Nobody answers at the provider's address."""


def configuration() -> dict[str, Any]:
    """Return what the provider says of itself; raises `Trouble` with a sentence."""
    issuer = settings.OIDC["issuer"]
    address = f"{issuer}{PATH}"
    told = {"issuer": issuer, "address": address}
    try:
        answer = requests.get(address, timeout=SECONDS)
    except (requests.RequestException, ValueError) as error:
        text = _("OIDC_ISSUER is %(issuer)s, and nobody answers there: %(error)s.")
        raise Unreachable(text % {**told, "error": type(error).__name__}) from error
    if answer.status_code != 200:
        text = _(
            "OIDC_ISSUER is %(issuer)s, and %(address)s answers with the status %(status)d. Set it to the address below"
            " which the provider has this path."
        )
        raise Trouble(text % {**told, "status": answer.status_code})
    try:
        found = answer.json()
    except requests.JSONDecodeError:
        found = None
    has_all = isinstance(found, dict) and all(
        isinstance(found.get(name), str) for name in ENDPOINTS
    )
    if not has_all:
        text = _(
            "OIDC_ISSUER is %(issuer)s, and %(address)s is not the configuration of a provider."
        )
        raise Trouble(text % told)
    configuration: dict[str, Any] = found
    return configuration


def identity(known: dict[str, Any]) -> dict[str, Any]:
    """Return how this service says who it is at the token endpoint, as parameters of a request."""
    told = settings.OIDC["client_id"], settings.OIDC["secret"]
    # What the specification takes for granted where nothing is said.
    ways = known.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" in ways:
        return {"auth": told}
    return {"data": dict(zip(("client_id", "client_secret"), told, strict=True))}


def is_refused(said: str) -> bool:
    """Return whether an answer says that the provider does not know this service, or not by this secret."""
    return any(code in said for code in ("invalid_client", "unauthorized_client"))


def refused() -> str:
    """Return the sentence for that."""
    return _(
        "The provider does not take OIDC_CLIENT_ID with OIDC_CLIENT_SECRET. Set both to what it shows for this service."
    )


def try_identity(known: dict[str, Any]) -> None:
    """Ask whether the provider knows this service, with a code that nobody was given; raises `Trouble` if not."""
    parameters = identity(known)
    code = {
        "grant_type": "authorization_code",
        "code": secrets.token_urlsafe(),
        "redirect_uri": settings.CMS_URL,
    }
    data = parameters.pop("data", {}) | code
    try:
        answer = requests.post(known["token_endpoint"], data=data, timeout=SECONDS, **parameters)
    except (requests.RequestException, ValueError) as error:
        text = _("%(address)s of the provider does not answer: %(error)s.")
        told = {"address": known["token_endpoint"], "error": type(error).__name__}
        raise Unreachable(text % told) from error
    if answer.status_code == 401 or is_refused(answer.text):
        raise Trouble(refused())


def missing_groups() -> list[str]:
    """Return the groups that `OIDC_GROUPS` leads to and that are not there."""
    named = set(settings.OIDC["groups"].values()) - {SUPERUSER}
    return sorted(named - set(Group.objects.filter(name__in=named).values_list("name", flat=True)))


def no_such_groups(names: list[str]) -> str:
    """Return the sentence for groups that are not there."""
    text = _("OIDC_GROUPS leads to %(names)s: make it under Settings, Groups, or mend the name.")
    return text % {"names": ", ".join(repr(name) for name in names)}


def no_such_claim(claims: dict[str, Any]) -> str:
    """Return the sentence for user info without the claim that has the groups."""
    text = _(
        "OIDC_GROUPS_CLAIM is %(claim)r, and the provider's user info has only %(names)s. Set it to the claim that has"
        " the groups, or have the provider put them there, perhaps by a scope in OIDC_SCOPES."
    )
    return text % {
        "claim": settings.OIDC["claim"],
        "names": ", ".join(sorted(claims)) or _("nothing"),
    }
