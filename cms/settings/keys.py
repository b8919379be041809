"""The secret key of the service, and those before it: what signs sessions, previews and links, and keys cache tags."""

import re

from .environment import env, required, stop

SHORTEST = 50
"""In characters, as Django's own check of a deployment asks for."""
FEWEST_DIFFERENT = 10
MAKE_ONE = "the output of `openssl rand -base64 48`"
# What stands in this project, and in examples and templates everywhere: whoever looks for keys tries these first.
KNOWN = re.compile(
    r"local-only-never-used-in-production|django-insecure-|only-for-this-check-?$"
    r"|change.?(?:me|this|it)|your.?secret|secret.?key|insert.?(?:your|key)|(?:^|\W)example|openssl rand",
    re.IGNORECASE,
)


def secret_key() -> str:
    """Return `SECRET_KEY`, or stop the start where there is none, or one that is guessed."""
    key = required("SECRET_KEY", "a long random text that nobody else knows", MAKE_ONE)
    if KNOWN.search(key):
        stop(f"SECRET_KEY is one that everybody knows, or looks like it; set it to {MAKE_ONE}.")
    if len(key) < SHORTEST or len(set(key)) < FEWEST_DIFFERENT:
        # The key itself is not repeated: it would stand in a log.
        stop(
            f"SECRET_KEY has {len(key)} characters, {len(set(key))} of them different, and needs {SHORTEST} and "
            f"{FEWEST_DIFFERENT}; set it to {MAKE_ONE}, and SECRET_KEY_FALLBACKS to the one before, so that nobody is "
            "logged out."
        )
    return key


def former_secret_keys(key: str) -> list[str]:
    """Return `SECRET_KEY_FALLBACKS`: the keys before `key`, the newest first, by which what they signed still holds.

    One of them may be short, since that is a reason to have another one now.
    """
    # Read as it stands, as the key itself is.
    text = str(env.ENVIRON.get("SECRET_KEY_FALLBACKS", ""))
    former = [part.strip() for part in text.split(",") if part.strip()]
    if any(KNOWN.search(one) for one in former):
        stop(
            "SECRET_KEY_FALLBACKS has a key that everybody knows, or that looks like it; take it out, which logs "
            "everybody out."
        )
    if key in former:
        stop(
            "SECRET_KEY_FALLBACKS has the SECRET_KEY itself; set it to the keys before, comma-separated and the newest "
            "first."
        )
    return former
