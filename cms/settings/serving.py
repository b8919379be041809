"""Whom this process serves: all, or readers alone.

A process for readers answers the API and nothing else, and writes nothing, so that a role of the database which only
reads is enough for it.
"""

from typing import Any

from .environment import env, stop, switch

ALL, READERS = "all", "readers"


def _serves() -> str:
    text = env.str("SERVES", default=ALL).strip() or ALL
    if text not in {ALL, READERS}:
        stop(f"SERVES is {text!r}; set it to readers or all.")
    return text


ONLY_READERS = _serves() == READERS
"""Whether this process answers readers alone, and writes nothing."""

DJANGO_APART = switch("DJANGO_APART", default=False)
"""Whether Django runs in a process of its own, behind the one that answers what is kept."""


def middleware(all_of_it: list[str]) -> list[str]:
    """Return the middleware of this process: that of a process for readers lets nothing by but the API."""
    if not ONLY_READERS:
        return all_of_it
    # Behind what serves static files, which the page that shows the description needs.
    place = all_of_it.index("corsheaders.middleware.CorsMiddleware")
    return [*all_of_it[:place], "cms.readers.OnlyTheApi", *all_of_it[place:]]


def connection_options(engine: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a connection: one of a process for readers cannot write, whatever its role may."""
    if not ONLY_READERS:
        return given
    if engine == "django.db.backends.sqlite3":
        # A transaction that only reads takes no lock for writing.
        commands = f"{given['init_command']} PRAGMA query_only=ON;"
        return {**given, "init_command": commands, "transaction_mode": "DEFERRED"}
    reads_only = f"{given.get('options', '')} -c default_transaction_read_only=on"
    return {**given, "options": reads_only.strip()}
