"""Which requests are public reads, and all that an answer to one can depend on besides what is in the database."""

from functools import cache
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import parse_cookie
from django.urls import NoReverseMatch, get_script_prefix, reverse

from .fingerprint import fingerprint

Environ = dict[str, Any]

# All that an answer can depend on besides what is in the database, with the headers of `_deciding_headers`. What is not
# among these reaches no view.
_VARYING = (
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
)
# The server's side of a request, and our own notes.
_INNER = ("wsgi.", "frontend_api.")
LONGEST_QUERY = 4_000
JSON = {"*/*", "application/*", "application/json"}


def is_read(environ: Environ) -> bool:
    """Tell whether this asks the API for something."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return False
    root = _root(settings.ROOT_URLCONF)
    return root is not None and environ.get("PATH_INFO", "").startswith(root)


def is_public(environ: Environ) -> bool:
    """Tell whether the answer is the same for everybody who asks this.

    It is not for whoever has a credential, and may be another one for whoever takes no JSON, or wants it indented.
    """
    # What is asked at such length is asked once, and would only push out what others ask.
    is_long = len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY
    is_plain = _takes_json(environ.get("HTTP_ACCEPT", "*/*"))
    return is_plain and not is_long and not _has_credential(environ)


def plain(environ: Environ) -> Environ:
    """Return the request as it is rendered, whoever asks: a GET without what is special of one client."""
    varying = _varying()
    passed = {
        name: value for name, value in environ.items() if name in varying or name.startswith(_INNER)
    }
    return {**passed, "REQUEST_METHOD": "GET"}


def key(environ: Environ, epoch: str) -> str:
    """Return under what the answer is kept: a digest of 40 characters.

    It has all by which Django refuses or redirects a request or makes an address absolute, so that nothing that was
    allowed at one host or over TLS is given out at another, or without.
    """
    parts = (epoch, *(environ.get(name) for name in _varying()))
    return blake2b(fingerprint() + repr(parts).encode(), digest_size=20).hexdigest()


def _varying() -> tuple[str, ...]:
    return (*_VARYING, *_deciding_headers())


def _deciding_headers() -> list[str]:
    names = []
    if settings.USE_X_FORWARDED_HOST:
        names.append("HTTP_X_FORWARDED_HOST")
    if settings.USE_X_FORWARDED_PORT:
        names.append("HTTP_X_FORWARDED_PORT")
    if settings.SECURE_PROXY_SSL_HEADER:
        names.append(settings.SECURE_PROXY_SSL_HEADER[0])
    return names


@cache
def _root(urlconf: Any) -> str | None:
    """Return the path of the API below the place that the whole service is mounted at, or None without an API."""
    try:
        address = reverse("frontend_api:root", urlconf)
    except NoReverseMatch:
        return None
    return f"/{address.removeprefix(get_script_prefix())}"


def _has_credential(environ: Environ) -> bool:
    if "HTTP_AUTHORIZATION" in environ:
        return True
    cookies = environ.get("HTTP_COOKIE", "")
    # Its name may stand in the value of another cookie.
    if settings.SESSION_COOKIE_NAME in cookies and settings.SESSION_COOKIE_NAME in parse_cookie(
        cookies
    ):
        return True
    query = environ.get("QUERY_STRING", "")
    # A name may be written with percent signs.
    if "token" in query or "%" in query:
        names = (part.partition("=")[0] for part in query.split("&"))
        return any(unquote_plus(name) == "token" for name in names)
    return False


def _takes_json(header: str) -> bool:
    header = header.lower()
    taken = {part.partition(";")[0].strip() for part in header.split(",")}
    return not taken.isdisjoint({*JSON, ""}) and "indent" not in header
