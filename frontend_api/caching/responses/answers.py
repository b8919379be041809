"""What a client gets of an entry: its headers, and the body in the coding that the client takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from frontend_api.caching.cdn import addresses
from frontend_api.changes.surrogate_keys import LIMIT_HEADER

from . import encodings, headers, store, tag_headers
from .cache_key import Environ
from .encodings import BROTLI, IDENTITY
from .entries import Entry

Headers = list[tuple[str, str]]

# `Authorization`: a shared cache must not serve the public response to a client with a credential.
VARY = f"Accept-Encoding, Origin, Authorization, {LIMIT_HEADER}"
NOT_MODIFIED = "304 Not Modified"


@dataclass(frozen=True)
class Answer:
    """The response to the client; if passed on as rendered, `chunks` is the very object that was rendered."""

    status: str
    headers: Headers
    chunks: Iterable[bytes]


@dataclass(frozen=True)
class Asked:
    """A client's request and the time of it."""

    environ: Environ
    key: str
    at: datetime
    allowed: Headers
    """The CORS headers that let a script read the response, if it may."""


def of_kept(entry: Entry, asked: Asked) -> Answer:
    """Return the answer of an entry that is in the cache and holds."""
    return _answer(entry, asked, _cache_control(entry, asked), is_kept=True)


def of_unkept(entry: Entry, asked: Asked) -> Answer:
    """Return the answer of an entry that was made for this request and may not be kept, by nobody."""
    return _answer(entry, asked, "no-cache", is_kept=False)


def _answer(entry: Entry, asked: Asked, cache_control: str, is_kept: bool) -> Answer:
    environ = asked.environ
    accepted = encodings.preferred(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if accepted[0] == BROTLI and entry.brotli is None:
        entry = entry.with_brotli()
        if is_kept:
            store.put(asked.key, entry)
    coding, body = entry.body(accepted)
    match = headers.matching_etag(environ.get("HTTP_IF_NONE_MATCH", ""), entry.digest, coding)
    sent: Headers = [
        ("ETag", match or headers.etag(entry.digest, coding)),
        ("Vary", ", ".join((VARY, *entry.vary))),
        ("Cache-Control", cache_control),
        *asked.allowed,
        *(tag_headers.limited(entry.shared_headers, environ) if is_kept else ()),
    ]
    if match:
        return Answer(NOT_MODIFIED, sent, ())
    sent += [*entry.headers, ("Content-Length", str(len(body)))]
    if coding != IDENTITY:
        sent.append(("Content-Encoding", coding))
    return Answer(entry.status, sent, () if environ["REQUEST_METHOD"] == "HEAD" else (body,))


def _cache_control(entry: Entry, asked: Asked) -> str:
    fresh, stale = headers.lifetimes(entry.validity.until, asked.at)
    if lasts := fresh + stale:
        environ = asked.environ
        path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
        query = environ.get("QUERY_STRING", "")
        if not addresses.record_or_refuse(path, query, entry.validity.tags, asked.at, lasts):
            fresh = stale = 0
    return headers.cache_control(fresh, stale)
