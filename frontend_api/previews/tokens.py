"""Generates and hashes tokens. A prefix tells their kinds apart; only their digests are stored."""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac

PREVIEW = "preview_"
SHARE = "share_"


def random_token(prefix: str) -> str:
    """Return a token that cannot be guessed: `prefix` and 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def derived_token(prefix: str, seed: str) -> str:
    """Return the token that `seed` stands for; only with the secret key can it be made of it, once more or at all."""
    secret = salted_hmac("frontend_api.previews.tokens", seed, algorithm="sha256").digest()
    return prefix + urlsafe_b64encode(secret).decode().rstrip("=")


def random_seed() -> str:
    """Return a seed for `derived_token` that cannot be guessed."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the digest of a token, which is what is stored: it identifies the token but cannot be used as one."""
    return hashlib.sha256(token.encode()).hexdigest()
