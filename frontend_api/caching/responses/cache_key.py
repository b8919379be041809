"""Decides which requests are public reads, and derives the cache key of a request."""

from functools import cache
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import parse_cookie
from django.urls import NoReverseMatch, get_script_prefix, reverse

from .fingerprint import fingerprint

Environ = dict[str, Any]

# With `_deciding_headers`, all of a request that a public response can depend on; nothing else reaches a view.
_VARYING = (
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
)
# What the WSGI server and this package add to a request.
_SERVER_PREFIXES = ("wsgi.", "frontend_api.")
LONGEST_QUERY = 4_000
JSON = {"*/*", "application/*", "application/json"}


def is_read(environ: Environ) -> bool:
    """Return whether this is a GET or HEAD request to the API."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return False
    root = _root(settings.ROOT_URLCONF)
    return root is not None and environ.get("PATH_INFO", "").startswith(root)


def is_public(environ: Environ) -> bool:
    """Return whether to answer this read with the response that all clients share.

    A client gets its own response if it sends a credential, does not accept JSON or wants it indented.
    """
    # A query this long is hardly ever repeated; caching it would evict entries that are.
    is_long = len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY
    is_plain = _takes_json(environ.get("HTTP_ACCEPT", "*/*"))
    return is_plain and not is_long and not _has_credential(environ)


def plain(environ: Environ) -> Environ:
    """Return the request as it is rendered for all clients: a GET with nothing specific to one of them."""
    varying = _varying()
    passed = {
        name: value
        for name, value in environ.items()
        if name in varying or name.startswith(_SERVER_PREFIXES)
    }
    return {**passed, "REQUEST_METHOD": "GET"}


def key(environ: Environ, epoch: str) -> str:
    """Return the cache key, a digest of 40 characters.

    It covers everything by which Django refuses or redirects a request or builds absolute URLs. So a response that was
    allowed for one host, or over TLS, is never served for another host, or without TLS.
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
    """Return the path of the API without the script prefix, or None if `urlconf` has no API."""
    try:
        address = reverse("frontend_api:root", urlconf)
    except NoReverseMatch:
        return None
    return f"/{address.removeprefix(get_script_prefix())}"


def _has_credential(environ: Environ) -> bool:
    if "HTTP_AUTHORIZATION" in environ:
        return True
    cookies = environ.get("HTTP_COOKIE", "")
    # The name may also occur in the value of another cookie.
    if settings.SESSION_COOKIE_NAME in cookies and settings.SESSION_COOKIE_NAME in parse_cookie(
        cookies
    ):
        return True
    query = environ.get("QUERY_STRING", "")
    # The parameter's name may be percent-encoded.
    if "token" in query or "%" in query:
        names = (part.partition("=")[0] for part in query.split("&"))
        return any(unquote_plus(name) == "token" for name in names)
    return False


def _takes_json(header: str) -> bool:
    header = header.lower()
    taken = {part.partition(";")[0].strip() for part in header.split(",")}
    return not taken.isdisjoint({*JSON, ""}) and "indent" not in header
