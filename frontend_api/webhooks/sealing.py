"""Keeps secrets in the database unreadable to whoever has no more than the database.

They are encrypted with the secret key. Where `SECRET_KEY_FALLBACKS` has the one before, they are still read.
"""

import secrets
from base64 import b64encode, urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

PREFIX = "whsec_"
# Of a secret's random part; Standard Webhooks allow 24 to 64.
BYTES = 32


class Unreadable(Exception):
    """What is stored was encrypted with another secret key."""


def new_secret() -> str:
    """Return a secret in the form of Standard Webhooks, such as `whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD…`."""
    return PREFIX + b64encode(secrets.token_bytes(BYTES)).decode()


def seal(text: str) -> str:
    """Return a text as it is stored; an empty one stays empty."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(stored: str) -> str:
    """Return the text of which `seal` returned this; raises `Unreadable`."""
    try:
        return _fernet().decrypt(stored.encode()).decode() if stored else ""
    except InvalidToken as error:
        raise Unreadable("The secret key of this service is not the one it was.") from error


def _fernet() -> MultiFernet:
    return MultiFernet(
        Fernet(urlsafe_b64encode(_key(secret)))
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )


def _key(secret: str | bytes) -> bytes:
    return salted_hmac(
        "frontend_api.webhooks.sealing", b"", secret=secret, algorithm="sha256"
    ).digest()
