"""Answers public reads from the cache, or has them rendered and caches the result.

The version of the change log is read first, before the cache and before anything is rendered. What is rendered can be
newer than that version but never older, so an entry that is valid at that version is as good as a new rendering.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import Error, connection
from django.utils import timezone

from frontend_api.caching.cdn import addresses
from frontend_api.changes import versions
from frontend_api.changes.surrogate_keys import LIMIT_HEADER
from frontend_api.changes.unit_of_work import is_pending
from frontend_api.changes.versions import State
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.dependencies.validity import Validity

from . import cache_key, cors, encodings, entries, headers, store, tag_headers
from .cache_key import Environ
from .encodings import BROTLI, IDENTITY
from .entries import Entry

Headers = list[tuple[str, str]]

# An entry more changes behind than this is stored again with the current version; a process remembers twice as many
# changes.
FAR_BEHIND = versions.MOST_CHANGES // 2
# `Authorization`: a shared cache must not serve the public response to a client with a credential.
VARY = f"Accept-Encoding, Origin, Authorization, {LIMIT_HEADER}"
NOT_MODIFIED = "304 Not Modified"


@dataclass(frozen=True)
class Rendered:
    """What Django answered to the plain form of a request; see `cache_key.plain`."""

    status: str
    headers: Headers
    chunks: Iterable[bytes]
    dependencies: Dependencies | None
    close: Callable[[], None]


@dataclass(frozen=True)
class Answer:
    """The response to the client; if passed on as rendered, `chunks` is the very object that was rendered."""

    status: str
    headers: Headers
    chunks: Iterable[bytes]


@dataclass(frozen=True)
class _Asked:
    """A client's request and the time of it."""

    environ: Environ
    key: str
    at: datetime
    allowed: Headers
    """The CORS headers that let a script read the response, if it may."""


def answer(environ: Environ, render: Callable[[Environ], Rendered]) -> Answer | None:
    """Return the answer to a read, or None if Django has to answer the original request itself.

    `render` gets the plain form of the request and passes it to Django.
    """
    # A transaction with unwritten changes sees data that nobody else sees yet.
    if not cache_key.is_public(environ) or is_pending():
        return None
    try:
        state = _state()
        allowed = cors.headers(environ.get("HTTP_ORIGIN"), state)
        key = cache_key.key(environ, state.epoch)
        entry = store.get(key)
        if entry is not None and state.version < entry.validity.seen.version:
            # The log may have moved on since `state` was read. An entry that is still newer is of another log.
            state = versions.current()
        now = timezone.now()
        holds = entry is not None and entry.validity.holds(state, now)
    except Error:
        # Django then reports the error in the format that all errors have.
        return None
    asked = _Asked(environ, key, now, allowed)
    if entry is not None and holds:
        if entry.validity.since.version < state.version - FAR_BEHIND:
            entry = entry._replace(validity=entry.validity._replace(since=state, seen=state))
            store.put(key, entry)
        return _answered(entry, asked, is_kept=True)
    rendered = render(cache_key.plain(environ))
    dependencies = rendered.dependencies
    if dependencies is None or not _may_be_kept(rendered, dependencies):
        return _passed_on(rendered, asked)
    try:
        body = b"".join(rendered.chunks)
        seen = _state_after(state)
    finally:
        rendered.close()
    validity = Validity(
        since=state,
        seen=seen or state,
        made_at=now,
        until=dependencies.until,
        tags=tuple(dependencies.tags),
    )
    entry = entries.make(validity, rendered.status, rendered.headers, body, before=entry)
    is_kept = dependencies.uncacheable is None and seen is not None
    if is_kept:
        store.put(key, entry)
    return _answered(entry, asked, is_kept)


def no_store(sent: Headers) -> Headers:
    """Return `sent` with `Cache-Control: no-store` added, unless it has a `Cache-Control` already."""
    if any(name.lower() == "cache-control" for name, _ in sent):
        return sent
    return [*sent, ("Cache-Control", "no-store")]


def _state() -> State:
    """Return the state of the change log.

    On a hit nothing else notices that the database server closed the connection, so it retries with a new one.
    """
    try:
        return versions.current()
    except Error:
        if connection.in_atomic_block:
            raise
    connection.close()
    return versions.current()


def _state_after(before: State) -> State | None:
    """Return the state of the change log after rendering, or None if it cannot be read or has another epoch."""
    try:
        after = versions.current()
    except Error:
        return None
    return after if after.epoch == before.epoch else None


def _may_be_kept(rendered: Rendered, dependencies: Dependencies) -> bool:
    """Return whether the response leaves caching to us and is the same for all clients.

    It is a 200, or says that there is nothing, where it is known what would change that.
    """
    kept = ("200 ", "404 ", "410 ") if dependencies.knows_absence else ("200 ",)
    if not rendered.status.startswith(kept):
        return False
    # The form that was asked for is part of the key.
    varying = {*_names(VARY), "accept"}
    if dependencies.ignores_language:
        # Django's `LocaleMiddleware` says that everything varies by it.
        varying.add("accept-language")
    for name, value in rendered.headers:
        match name.lower():
            case "cache-control" | "set-cookie" | "content-encoding":
                return False
            case "vary" if not _names(value) <= varying:
                return False
    return True


def _names(value: str) -> set[str]:
    return {part.strip().lower() for part in value.split(",") if part.strip()}


def _answered(entry: Entry, asked: _Asked, is_kept: bool) -> Answer:
    environ = asked.environ
    accepted = encodings.preferred(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if accepted[0] == BROTLI and entry.brotli is None:
        entry = entry.with_brotli()
        if is_kept:
            store.put(asked.key, entry)
    coding, body = entry.body(accepted)
    match = headers.matching_etag(environ.get("HTTP_IF_NONE_MATCH", ""), entry.digest, coding)
    lasts = _cache_control(entry, asked) if is_kept else "no-cache"
    sent: Headers = [
        ("ETag", match or headers.etag(entry.digest, coding)),
        ("Vary", ", ".join((VARY, *entry.vary))),
        ("Cache-Control", lasts),
        *asked.allowed,
        *(tag_headers.limited(entry.shared_headers, environ) if is_kept else ()),
    ]
    if match:
        return Answer(NOT_MODIFIED, sent, ())
    sent += [*entry.headers, ("Content-Length", str(len(body)))]
    if coding != IDENTITY:
        sent.append(("Content-Encoding", coding))
    return Answer(entry.status, sent, () if environ["REQUEST_METHOD"] == "HEAD" else (body,))


def _cache_control(entry: Entry, asked: _Asked) -> str:
    fresh, stale = headers.lifetimes(entry.validity.until, asked.at)
    if lasts := fresh + stale:
        environ = asked.environ
        path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
        query = environ.get("QUERY_STRING", "")
        if not addresses.record_or_refuse(path, query, entry.validity.tags, asked.at, lasts):
            fresh = stale = 0
    return headers.cache_control(fresh, stale)


def _passed_on(rendered: Rendered, asked: _Asked) -> Answer:
    """Return the response as rendered, with `no-store` and CORS headers added, and without a body for HEAD."""
    sent = no_store([*rendered.headers, *asked.allowed])
    if asked.environ["REQUEST_METHOD"] == "HEAD":
        rendered.close()
        return Answer(rendered.status, sent, ())
    return Answer(rendered.status, sent, rendered.chunks)
