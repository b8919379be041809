"""Answers from what is kept while the database is gone, if the operator says for how long: `STALE_IF_ERROR`.

What is served held when the database was last heard of, and no clock has ended it since: what was to be hidden at a
moment is hidden.
"""

import time

from django.db import Error
from django.utils import timezone

from frontend_api import conf

from . import answers, cache_key, cors, lookup, observed, store
from .answers import Answer, Asked
from .cache_key import Environ


def answer(environ: Environ) -> Answer | None:
    """Return the answer to a public read as it was when the database was last heard of, or None."""
    last, most = lookup.last_known(), conf.stale_if_error()
    if last is None or not most:
        return None
    seconds = time.monotonic() - last.at
    if seconds > most:
        return None
    key = cache_key.key(environ, last.state.epoch)
    entry = store.get(key)
    now = timezone.now()
    try:
        holds = entry is not None and entry.validity.holds(last.state, now)
        allowed = cors.headers(environ.get("HTTP_ORIGIN"), last.state)
    except Error:
        # It is not known any more what has changed since it was made.
        return None
    if entry is None or not holds:
        return None
    observed.note(environ, "stale")
    return answers.of_stale(entry, Asked(environ, key, now, allowed), int(seconds))
