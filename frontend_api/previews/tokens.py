"""Generates and hashes tokens. A prefix tells their kinds apart; only their digests are stored."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import salted_hmac

PREVIEW = "preview_"
SHARE = "share_"


def random_token(prefix: str) -> str:
    """Return a token that cannot be guessed: `prefix` and 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def derived_token(prefix: str, seed: str) -> str:
    """Return the token that `seed` stands for; only with the secret key can it be made of it, once more or at all."""
    return derived_tokens(prefix, seed)[0]


def derived_tokens(prefix: str, seed: str) -> list[str]:
    """Return the tokens that `seed` may stand for: that of the secret key, and those of the keys before it."""
    return [
        prefix + urlsafe_b64encode(_derived(seed, secret)).decode().rstrip("=")
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def _derived(seed: str, secret: str) -> bytes:
    return salted_hmac("frontend_api.previews.tokens", seed, secret, algorithm="sha256").digest()


def random_seed() -> str:
    """Return a seed for `derived_token` that cannot be guessed."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the digest of a token, which is what is stored: it identifies the token but cannot be used as one."""
    return hashlib.sha256(token.encode()).hexdigest()
