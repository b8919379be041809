"""Who may sign in to the admin, how, and for how long."""

from typing import Any

from .environment import env, seconds, size, stop

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
    return 0 if text == "0" else size(name, 0, 10, "proxies, or to 0 without one; that is")


AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]

# Who has to have a second factor. Everybody may.
SECOND_FACTOR_FOR = roles("SECOND_FACTOR_FOR")
SESSION_COOKIE_AGE = seconds("SESSION_SECONDS", 14 * 24 * 60 * 60)

# How many failed attempts there may be in how many seconds: at one account, and from one address.
SIGN_IN_LIMITS: dict[str, tuple[int, int]] = {
    "account": (size("SIGN_IN_FAILURES_OF_ACCOUNT", 10, 1_000, "attempts"), 15 * 60),
    "address": (size("SIGN_IN_FAILURES_FROM_ADDRESS", 100, 100_000, "attempts"), 15 * 60),
    "code": (5, 5 * 60),
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
ACCOUNT_LOGOUT_REDIRECT_URL = "wagtailadmin_login"

MFA_ADAPTER = "cms.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS: dict[str, Any] = {
    "authenticate": "cms.accounts.forms.CodeForm",
    "reauthenticate": "cms.accounts.forms.CodeAgainForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = False
# A clock may be half a minute slow or fast.
MFA_TOTP_TOLERANCE = 1
