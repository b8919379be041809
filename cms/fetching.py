"""Fetches what a user named an address of: from the public internet alone, and never much of it or for long.

Nothing here needs a request, so that a worker can call it as well. Call it outside of transactions.
"""

import time
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from email.message import Message
from urllib.parse import quote, urljoin, urlsplit

import httpcore
from django.utils.translation import gettext as _

from frontend_api.outgoing.addresses import NotPublic
from frontend_api.outgoing.connections import Limits, PublicInternet, TooMuch

MOST_REDIRECTS = 4
PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
MEGABYTE = 1024 * 1024
HEADERS: dict[bytes | str, bytes | str] = {
    "Accept-Encoding": "gzip",
    "Connection": "close",
    "User-Agent": "Mozilla/5.0 (compatible; headless-content-service)",
}

# Whatever stops a request before there is an answer; a `ValueError` is an address or a header that makes no sense.
UNREACHABLE = (
    NotPublic,
    OSError,
    ValueError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
)


class Unfetchable(Exception):
    """Nothing could be fetched; the text is a sentence for whoever asked.

    It is the same whether there is no server, one that does not answer, or one that may not be asked.
    """


@dataclass(frozen=True)
class Fetched:
    """What a server answered."""

    url: str
    """Where it was in the end."""
    content_type: str
    charset: str | None
    body: bytes


def fetch(url: str, types: Collection[str], most_bytes: int, seconds: float = 5) -> Fetched:
    """Return what is at a web address if it is of one of `types`; raises `Unfetchable`.

    `most_bytes` limits what is read and what that is once unpacked, and `seconds` all of it together.
    """
    deadline = time.monotonic() + seconds
    accept = ", ".join(types)
    for _redirect in range(MOST_REDIRECTS + 1):
        try:
            found = _get(url, accept, Limits(deadline, most_bytes), types)
        except TooMuch as error:
            raise _too_large() from error
        except UNREACHABLE as error:
            raise Unfetchable(
                _("Nothing could be fetched from there. Is the address right?")
            ) from error
        if isinstance(found, Fetched):
            return found
        url = found
    raise Unfetchable(_("This address leads from one to the next without an end."))


def _too_large() -> Unfetchable:
    return Unfetchable(_("What is there is too large."))


def _get(url: str, accept: str, limits: Limits, types: Collection[str]) -> Fetched | str:
    """Ask once; return what is there, or the address that it redirects to."""
    target = _checked(url)
    headers = {**HEADERS, "Accept": accept}
    with (
        httpcore.ConnectionPool(network_backend=PublicInternet(limits)) as pool,
        pool.stream("GET", target, headers=headers) as response,
    ):
        said = Message()
        for name, value in response.headers:
            said[name.decode("latin-1")] = value.decode("latin-1")
        if response.status in REDIRECTS and said["Location"]:
            return urljoin(url, said["Location"])
        if response.status != 200:
            raise Unfetchable(
                _("The website does not give this page: it answers %(status)d.")
                % {"status": response.status}
            )
        if said.get_content_type() not in types:
            raise Unfetchable(_("There is something else than a web page or a picture."))
        body = _unpacked(response.iter_stream(), said["Content-Encoding"] or "", limits)
        charset = said.get_content_charset()
        return Fetched(url, said.get_content_type(), charset, body)


def _checked(url: str) -> str:
    """Return an address as it is sent; raises `ValueError` if it is none that may be asked."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    if parts.scheme not in PORTS or parts.username is not None or parts.password is not None:
        raise ValueError("This is no address of a public web page.")
    if not host or (parts.port or PORTS[parts.scheme]) not in PORTS.values():
        raise ValueError("This is no address of a public web page.")
    shown = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    return f"{parts.scheme}://{shown}{port}{path}{query}"


def _unpacked(chunks: Iterable[bytes], encoding: str, limits: Limits) -> bytes:
    """Return a body, unpacked no further than the limit: a small one may unpack to any size."""
    most = limits.most_bytes
    encoding = encoding.strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise ValueError(f"{encoding} was not asked for.")
    unpack = zlib.decompressobj(wbits=47) if encoding not in {"", "identity"} else None
    body = bytearray()
    try:
        for chunk in chunks:
            body += unpack.decompress(chunk, most + 1 - len(body)) if unpack else chunk
            if len(body) > most:
                raise _too_large()
    except zlib.error as error:
        raise ValueError("This cannot be unpacked.") from error
    return bytes(body)
