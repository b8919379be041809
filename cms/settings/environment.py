"""Every environment variable that the service reads, in one place; `docs/operators.md` has the same table.

A value that cannot be used stops the start with one sentence that names the variable, what is wrong with it,
and what to set.
"""

from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def port(name: str, default: int) -> int:
    """Return the TCP port that the variable `name` holds, or `default`."""
    text = env.str(name, default=str(default))
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ImproperlyConfigured(
            f"{name} is {text!r}; set it to a port number between 1 and 65535."
        )
    return int(text)


def web_address(name: str, default: str | None = None) -> str:
    """Return the address (scheme, host, port; no path) that the variable `name` holds, without a slash at its end."""
    text = env.str(name, default=default or "").rstrip("/")
    if not text:
        raise ImproperlyConfigured(
            f"{name} is not set; set it to an address such as https://www.example.org."
        )
    try:
        parts = urlsplit(text)
        well_formed = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        well_formed = False
    if not well_formed or parts.path or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(
            f"{name} is {text!r}; set it to a scheme and host with no path, such as https://www.example.org."
        )
    return text


def required(name: str, purpose: str, example: str) -> str:
    """Return the variable `name`, or stop the start with a sentence that says what to set."""
    text = env.str(name, default="").strip()
    if not text:
        raise ImproperlyConfigured(f"{name} is not set; set it to {purpose}, such as {example}.")
    return text


CMS_PORT = port("CMS_PORT", 8000)
FRONTEND_PORT = port("FRONTEND_PORT", 3000)
