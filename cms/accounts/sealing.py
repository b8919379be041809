"""Keeps the secrets of second factors unreadable to whoever has no more than the database.

They are encrypted with the secret key. Where `SECRET_KEY_FALLBACKS` has the one before, they are still read.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(text: str) -> str:
    """Return a text as it is stored."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """Return the text of which `seal` returned this."""
    return _fernet().decrypt(stored.encode()).decode()


def _fernet() -> MultiFernet:
    return MultiFernet(
        Fernet(urlsafe_b64encode(_key(secret)))
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )


def _key(secret: str | bytes) -> bytes:
    return salted_hmac("cms.accounts.sealing", b"", secret=secret, algorithm="sha256").digest()
