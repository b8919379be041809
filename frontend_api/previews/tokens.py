"""Generates and hashes tokens. A prefix tells their kinds apart; only their digests are stored."""

import hashlib
import secrets

PREVIEW = "preview_"
SHARE = "share_"


def random_token(prefix: str) -> str:
    """Return a token that cannot be guessed: `prefix` and 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the digest of a token, which is what is stored: it identifies the token but cannot be used as one."""
    return hashlib.sha256(token.encode()).hexdigest()
