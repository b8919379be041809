"""Sends one request to an address that somebody named, and keeps little of the answer.

It goes to the public internet, or to a host that `FRONTEND_API["WEBHOOK_HOSTS"]` names, and nowhere else: the host is
looked up once, its address checked, and that one connected to. No redirect is followed. It takes ten seconds at the
most in all. Nothing here reads the database, so that it can run in a thread of its own.
"""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote, urlsplit

import httpcore
from django.utils.translation import gettext_lazy as _

from frontend_api import conf
from frontend_api.outgoing.addresses import NotPublic
from frontend_api.outgoing.connections import Limits, PublicInternet, TooMuch
from frontend_api.outgoing.tag_request import Filled

SECONDS = 10
"""How long one attempt takes at the most: looking the host up, connecting, sending, and reading the answer."""

MOST_BYTES = 64 * 1024
"""How much is kept of the body of an answer."""

PORTS = {"http": 80, "https": 443}


class BadAddress(ValueError):
    """An address that nothing can be sent to, with a sentence that says why."""


@dataclass(frozen=True)
class Answer:
    """What came back, or what went wrong."""

    seconds: float
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    error: str = ""
    """A sentence that names no secret; empty where the request was taken."""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has the message."""
        return not self.error


def check_address(address: str) -> str:
    """Return an address as it is asked for; raises `BadAddress`.

    Only hosts of `WEBHOOK_HOSTS` are asked without TLS. Whether a host is public, its name does not say.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError as error:
        raise BadAddress(_("This is no address of the web.")) from error
    if parts.scheme not in PORTS or not host or port == 0:
        raise BadAddress(
            _("This is no address of the web; it begins with https:// and the name of a host.")
        )
    if parts.username is not None or parts.password is not None:
        raise BadAddress(
            _("A name and a password have no place in the address; use the header Authorization.")
        )
    if parts.fragment:
        raise BadAddress(_("What follows the # is sent to nobody; leave it out."))
    if parts.scheme == "http" and host not in conf.webhook_hosts():
        raise BadAddress(
            _("It begins with http://; only https:// is sent to, so that nobody reads along.")
        )
    shown = f"[{host}]" if ":" in host else host
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    return f"{parts.scheme}://{shown}{f':{port}' if port else ''}{path}{query}"


def send(request: Filled) -> Answer:
    """Send a request, and return what came of it. Nothing is raised for what the other side does."""
    began = time.monotonic()
    limits = Limits(began + SECONDS, MOST_BYTES)
    try:
        status, headers, body = _sent(request, limits)
    except BadAddress as error:
        return Answer(time.monotonic() - began, error=str(error))
    except NotPublic:
        error_text = "Its host is not known, or is no public one; WEBHOOK_HOSTS can name it."
    except httpcore.TimeoutException:
        error_text = f"It does not answer within {SECONDS} seconds."
    except (ssl.SSLError, httpcore.ConnectError, httpcore.NetworkError, OSError) as error:
        error_text = _said_of(error)
    except (httpcore.ProtocolError, ValueError, TooMuch):
        error_text = "What it answers is no HTTP."
    else:
        error_text = _error_of(status)
        return Answer(time.monotonic() - began, status, headers, body, error_text)
    return Answer(time.monotonic() - began, error=error_text)


def _sent(request: Filled, limits: Limits) -> tuple[int, dict[str, str], str]:
    address = check_address(request.url)
    headers = {
        "User-Agent": "wagtail-frontend-api",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **request.headers,
        "Content-Length": str(len(request.body)),
    }
    with (
        httpcore.ConnectionPool(
            network_backend=PublicInternet(limits, conf.webhook_hosts()), ssl_context=_tls()
        ) as pool,
        pool.stream(
            request.method, address, headers=[*headers.items()], content=request.body
        ) as response,
    ):
        body = bytearray()
        for chunk in response.iter_stream():
            body += chunk
            if len(body) >= MOST_BYTES:
                break
        said = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        # PostgreSQL has no place for it.
        text = body[:MOST_BYTES].decode(errors="replace").replace("\0", "�")
        return response.status, said, text


@cache
def _tls() -> ssl.SSLContext:
    """Return how certificates are checked: by the authorities of the web, and by those that this machine trusts."""
    context = httpcore.default_ssl_context()
    context.load_default_certs()
    return context


def _error_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answers {status} and leads elsewhere, where nothing is sent."
    return f"It answers {status}."


def _said_of(error: Exception) -> str:
    # httpcore has an error of its own for each of those of `ssl`, with the same words.
    if "certificate" in str(error).lower():
        return "Its certificate is not to be trusted, or is another host's."
    return "It cannot be connected to, or ends the connection."
