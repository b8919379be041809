"""Follows what changes in the CMS, and drops what is old of what is kept: one request that waits, again and again.

A purge may come sooner, but may also be lost; the feed of changes is read from where this website last read it. When
it cannot be read, what is kept is not used without asking, until it can: then all that came meanwhile is in it.
"""

import asyncio
import logging
import time

from .api import Api, Ended, Gone, NotFound, Refused, Unavailable

logger = logging.getLogger(__name__)

WAIT = 25
"""For how many seconds the API holds an answer that would have nothing to tell."""
PAUSE = 2.0
"""How many seconds there are at least between two questions, where the API does not hold its answer."""


async def follow(api: Api, pause: float = PAUSE) -> None:
    """Drop whatever changes, until this is cancelled."""
    try:
        await _follow(api, pause)
    finally:
        # Whatever ended it, nothing is heard of any more.
        api.kept.is_followed = False


async def _follow(api: Api, pause: float) -> None:
    cursor = ""
    while True:
        asked = time.monotonic()
        try:
            cursor, is_quiet = await _read_on(api, cursor)
        except Gone:
            # The API has forgotten what came after it, or has another past since a backup was restored.
            api.kept.is_followed, is_quiet, cursor = False, not cursor, ""
        except (Ended, NotFound, Refused, Unavailable) as error:
            # Until it has been read once, the CMS may only be starting, as this website is.
            if api.kept.is_followed and cursor:
                logger.warning(
                    "Changes cannot be followed, so the API is asked each time: %s", error
                )
            api.kept.is_followed, is_quiet = False, True
        if is_quiet:
            await asyncio.sleep(asked + pause - time.monotonic())


async def _read_on(api: Api, cursor: str) -> tuple[str, bool]:
    """Drop what has changed after a cursor; return the next one, and whether nothing had."""
    # After a fault, what was missed is to be known at once.
    told = await api.changes(cursor, WAIT if api.kept.is_followed else 0)
    if not cursor:
        # What was kept before may have changed before.
        api.kept.purge_all()
    elif told["items"]:
        api.kept.purge({tag for item in told["items"] for tag in item["tags"]})
    api.kept.is_followed = not told["more"]
    return told["cursor"], bool(cursor) and not told["items"] and not told["more"]
