"""Answers public reads from the cache, or has them rendered and caches the result.

The version of the change log is read first, before the cache and before anything is rendered. What is rendered can be
newer than that version but never older, so an entry that is valid at that version is as good as a new rendering.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import Error

from frontend_api.changes import versions
from frontend_api.changes.unit_of_work import is_pending
from frontend_api.changes.versions import State
from frontend_api.dependencies.tracker import Dependencies
from frontend_api.dependencies.validity import Validity

from . import answers, cache_key, cors, entries, lookup, observed, store
from .answers import VARY, Answer, Asked, Headers
from .cache_key import Environ


@dataclass(frozen=True)
class Rendered:
    """What Django answered to the plain form of a request; see `cache_key.plain`."""

    status: str
    headers: Headers
    chunks: Iterable[bytes]
    dependencies: Dependencies | None
    close: Callable[[], None]


def answer(environ: Environ, render: Callable[[Environ], Rendered]) -> Answer | None:
    """Return the answer to a read, or None if Django has to answer the original request itself.

    `render` gets the plain form of the request and passes it to Django.
    """
    # A transaction with unwritten changes sees data that nobody else sees yet.
    if not cache_key.is_public(environ) or is_pending():
        observed.note(environ, "bypass")
        return None
    try:
        state = lookup.current_state()
        allowed = cors.headers(environ.get("HTTP_ORIGIN"), state)
        key = cache_key.key(environ, state.epoch)
        found = lookup.found(key, state)
    except Error:
        # Django then reports the error in the format that all errors have.
        return None
    asked = Asked(environ, key, found.at, allowed)
    if found.entry is not None and found.holds:
        observed.note(environ, "hit")
        return answers.of_kept(found.entry, asked)
    observed.note(environ, "miss")
    rendered = render(cache_key.plain(environ))
    dependencies = rendered.dependencies
    if dependencies is None or not _may_be_kept(rendered, dependencies):
        return _passed_on(rendered, asked)
    try:
        body = b"".join(rendered.chunks)
        seen = _state_after(found.state)
    finally:
        rendered.close()
    validity = Validity(
        since=found.state,
        seen=seen or found.state,
        made_at=asked.at,
        until=dependencies.until,
        tags=tuple(dependencies.tags),
    )
    entry = entries.make(validity, rendered.status, rendered.headers, body, before=found.entry)
    is_kept = dependencies.uncacheable is None and seen is not None
    if not is_kept:
        return answers.of_unkept(entry, asked)
    store.put(asked.key, entry)
    return answers.of_kept(entry, asked)


def no_store(sent: Headers) -> Headers:
    """Return `sent` with `Cache-Control: no-store` added, unless it has a `Cache-Control` already."""
    if any(name.lower() == "cache-control" for name, _ in sent):
        return sent
    return [*sent, ("Cache-Control", "no-store")]


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


def _passed_on(rendered: Rendered, asked: Asked) -> Answer:
    """Return the response as rendered, with `no-store` and CORS headers added, and without a body for HEAD."""
    sent = no_store([*rendered.headers, *asked.allowed])
    if asked.environ["REQUEST_METHOD"] == "HEAD":
        rendered.close()
        return Answer(rendered.status, sent, ())
    return Answer(rendered.status, sent, rendered.chunks)
