"""Who may sign in to the admin, how, and for how long."""

from typing import Any

from .environment import env, required, seconds, size, stop

_ROLES = ("administrators", "moderators", "editors")


def roles(name: str) -> list[str]:
    """Return the roles that the variable `name` holds, comma-separated, or none."""
    found = [text for part in env.str(name, default="").split(",") if (text := part.strip())]
    for text in found:
        if text not in _ROLES:
            stop(f"{name} has {text!r}; set it to some of {', '.join(_ROLES)}, comma-separated.")
    return found


def proxies(name: str) -> int:
    """Return through how many proxies of one's own requests come, as the variable `name` says; 0 without one."""
    text = env.str(name, default="0").strip()
    if text not in {str(number) for number in range(11)}:
        stop(
            f"{name} is {text!r}; set it to a number of proxies from 1 to 10, or to 0 without one."
        )
    return int(text)


def oidc() -> dict[str, Any]:
    """Return what is known of the provider at `OIDC_ISSUER`, or nothing without one."""
    issuer = env.str("OIDC_ISSUER", default="").strip().rstrip("/")
    if not issuer:
        return {}
    if not issuer.startswith(("https://", "http://")):
        stop(
            f"OIDC_ISSUER is {issuer!r}; set it to the provider's address, such as https://login.example.org/realms/us."
        )
    return {
        "issuer": issuer,
        "client_id": required(
            "OIDC_CLIENT_ID", "the id that the provider gave this service", "cms"
        ),
        "secret": required("OIDC_CLIENT_SECRET", "the secret that goes with it", "a long text"),
        "name": env.str("OIDC_NAME", default="your organisation"),
        "scopes": env.str("OIDC_SCOPES", default="openid profile email").split(),
        "claim": env.str("OIDC_GROUPS_CLAIM", default="groups"),
        "groups": oidc_groups("OIDC_GROUPS"),
    }


def oidc_groups(name: str) -> dict[str, str]:
    """Return which group here is that of which group there; `superuser` stands for administrators."""
    groups: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in env.str(name, default="").split(","))):
        theirs, equals, ours = (text.strip() for text in part.partition("="))
        if not (theirs and equals and ours):
            stop(
                f"{name} has {part!r}; set it to such as cms-editors=Editors,cms-admins=superuser."
            )
        groups[theirs] = ours
    if not groups:
        stop(f"{name} is not set; set it to such as cms-editors=Editors,cms-admins=superuser.")
    return groups


def local_passwords() -> bool:
    """Return whether `LOCAL_PASSWORDS` is on, which it has to be without a provider."""
    text = env.str("LOCAL_PASSWORDS", default="on").strip().lower()
    if text not in {"on", "off"}:
        stop(f"LOCAL_PASSWORDS is {text!r}; set it to on or off.")
    if text == "off" and not OIDC:
        stop(
            "LOCAL_PASSWORDS is off, and nobody could sign in: set OIDC_ISSUER too, or leave it on."
        )
    return text == "on"


AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]

# Who has to have a second factor. Everybody may.
SECOND_FACTOR_FOR = roles("SECOND_FACTOR_FOR")
SESSION_COOKIE_AGE = seconds("SESSION_SECONDS", 14 * 24 * 60 * 60)

# How many failed attempts there may be in how many seconds: at one account, and from one address.
SIGN_IN_LIMITS: dict[str, tuple[int, int]] = {
    "account": (size("SIGN_IN_FAILURES_OF_ACCOUNT", 10, 1_000, "attempts"), 15 * 60),
    "address": (size("SIGN_IN_FAILURES_FROM_ADDRESS", 100, 100_000, "attempts"), 15 * 60),
    "code": (5, 5 * 60),
    # A code of an app counts once for as long as it is right: half a minute, and those before and after it.
    "used_code": (1, 90),
    "reset": (6, 15 * 60),
    "reset_address": (20, 15 * 60),
}

ALLAUTH_TRUSTED_PROXY_COUNT = proxies("TRUSTED_PROXIES")
ACCOUNT_ADAPTER = "cms.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
# Our own limits are shared by all processes; these would be those of one.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {"reauthenticate": "cms.accounts.forms.PasswordAgainForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "wagtailadmin_login"

MFA_ADAPTER = "cms.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS: dict[str, Any] = {
    "authenticate": "cms.accounts.forms.CodeForm",
    "reauthenticate": "cms.accounts.forms.CodeAgainForm",
    "activate_totp": "cms.accounts.forms.FirstCodeForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = False
# A clock may be half a minute slow or fast.
MFA_TOTP_TOLERANCE = 1

# Where people sign in with an account of their organisation (OpenID Connect), if they do.
OIDC = oidc()
# Whether somebody may sign in with a password; without it, `manage.py let_in` is the way past a broken provider.
LOCAL_PASSWORDS = local_passwords()
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = LOCAL_PASSWORDS
WAGTAIL_PASSWORD_RESET_ENABLED = LOCAL_PASSWORDS

SOCIALACCOUNT_ADAPTER = "cms.accounts.oidc.ProviderAdapter"
# The way there is a link: as a form it would be asked for twice, and nothing is lost by following it.
SOCIALACCOUNT_LOGIN_ON_GET = True
# Tokens are kept with the session that they belong to; see `cms/accounts/models.py`.
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "provider_class": "cms.accounts.provider_views.Provider",
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": OIDC["scopes"] if OIDC else ["openid"],
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC["name"],
                "client_id": OIDC["client_id"],
                "secret": OIDC["secret"],
                "settings": {"server_url": OIDC["issuer"]},
            }
        ]
        if OIDC
        else [],
    }
}
