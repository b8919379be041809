"""Decides which requests are public reads, and derives the cache key of a request."""

from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, parse_cookie
from django.urls import NoReverseMatch, get_script_prefix, reverse

from . import tag_headers
from .fingerprint import fingerprint

Environ = dict[str, Any]

# With `deciding_headers`, all of a request that a public response can depend on; nothing else reaches a view.
_VARYING = (
    "HTTP_HOST",
    "PATH_INFO",
    "QUERY_STRING",
    # By these two, Django finds where it is mounted behind Apache. No header of a client has such a name.
    "REDIRECT_URL",
    "SCRIPT_NAME",
    "SCRIPT_URL",
    "SERVER_NAME",
    "SERVER_PORT",
    "wsgi.url_scheme",
)
# What a WSGI application or a middleware may take for granted, the same for all clients.
_CONSTANT = {"REMOTE_ADDR": "", "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
# The name of the machine, which nobody asks for once there is a `Host`, and which may differ from server to server.
_SERVER_NAME = "localhost"
# What the WSGI server and this package add to a request.
_SERVER_PREFIXES = ("wsgi.", "frontend_api.")
LONGEST_QUERY = 4_000
JSON = {"*/*", "application/*", "application/json"}
MARKDOWN = "text/markdown"
# What is asked for in Markdown is rendered for one of these headers, and what is asked for in JSON for none: a client's
# own has as many forms as there are clients.
_LIKES_MARKDOWN = f"{MARKDOWN}, */*;q=0.1"
_TAKES_MARKDOWN_ALONE = MARKDOWN


def is_read(environ: Environ) -> bool:
    """Return whether this is a GET or HEAD request to the API."""
    return environ["REQUEST_METHOD"] in {"GET", "HEAD"} and is_for_api(environ)


def is_for_api(environ: Environ) -> bool:
    """Return whether this is a request to the API."""
    root = _root(settings.ROOT_URLCONF)
    return root is not None and environ.get("PATH_INFO", "").startswith(root)


def is_public(environ: Environ) -> bool:
    """Return whether to answer this read with the response that all clients share.

    A client gets its own response if it sends a credential, accepts none of the forms that there are, wants JSON
    indented or has to be told that it takes no possible number of tags.
    """
    # A query this long is hardly ever repeated; caching it would evict entries that are.
    is_long = len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY
    is_plain = _accepted(environ) is not None
    if not is_plain or is_long or _has_credential(environ):
        return False
    return tag_headers.is_limit(environ)


def plain(environ: Environ) -> Environ:
    """Return the request as it is rendered for all clients: a GET with nothing specific to one of them."""
    added = {name: value for name, value in environ.items() if name.startswith(_SERVER_PREFIXES)}
    accepted = _accepted(environ)
    form = {"HTTP_ACCEPT": accepted} if accepted else {}
    return {**added, **_varying(environ), **form, **_CONSTANT}


def key(environ: Environ, epoch: str) -> str:
    """Return the cache key, a digest of 40 characters.

    It covers everything by which Django refuses or redirects a request or builds absolute URLs. So a response that was
    allowed for one host, or over TLS, is never served for another host, or without TLS.
    """
    parts = epoch, _varying(environ), _accepted(environ) or ""
    return blake2b(fingerprint() + repr(parts).encode(), digest_size=20).hexdigest()


def _varying(environ: Environ) -> Environ:
    names = (*_VARYING, *deciding_headers())
    varying = {name: environ[name] for name in names if name in environ}
    if varying.get("HTTP_HOST"):
        varying["SERVER_NAME"] = _SERVER_NAME
    return varying


def deciding_headers() -> list[str]:
    """Return by which headers of a proxy Django takes a request for another, as its environment names them."""
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


def _accepted(environ: Environ) -> str | None:
    """Return the `Accept` header that stands for the client's: "" for JSON; None if no shared response is for it."""
    # What has a name with an ending, such as `sitemap.xml`, has one form, whatever the client says it takes.
    if "." in environ.get("PATH_INFO", "").rpartition("/")[2]:
        return ""
    header = environ.get("HTTP_ACCEPT", "*/*")
    return _known(header) if len(header) <= LONGEST_REMEMBERED else _chosen(header)


def _chosen(header: str) -> str | None:
    header = header.lower()
    if "indent" in header:
        return None
    taken = {part.partition(";")[0].strip() for part in header.split(",")}
    takes_json = not taken.isdisjoint({*JSON, ""})
    if taken.isdisjoint({MARKDOWN, "text/*"}):
        return "" if takes_json else None
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = header
    # As the view chooses, to which this is passed.
    liked = request.get_preferred_type(["application/json", MARKDOWN])
    if liked == MARKDOWN:
        return _LIKES_MARKDOWN if takes_json else _TAKES_MARKDOWN_ALONE
    return "" if liked else None


# In characters. A header longer than this is read each time.
LONGEST_REMEMBERED = 200
_known = lru_cache(maxsize=256)(_chosen)
