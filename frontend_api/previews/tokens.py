"""The text of tokens: random, told apart by how they begin, and never stored as they are."""

import hashlib
import secrets

PREVIEW = "preview_"
SHARE = "share_"


def random_token(prefix: str) -> str:
    """Return a token that nobody can guess: `prefix`, and 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what of a token is stored: enough to recognise it, and nothing to use."""
    return hashlib.sha256(token.encode()).hexdigest()
