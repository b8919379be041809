"""Takes a person out of the audit log, and lists what it has of them."""

from collections.abc import Collection
from typing import Any

from .models import AuditEntry

ERASED = "(erased)"
"""Stands where the name of an account stood."""


def forget(key: int | None, names: Collection[str]) -> int:
    """Take the names and addresses of an account out of the log; return in how many entries that was.

    The key stays, so that it can be seen that the same somebody did several things.
    """
    found = 0
    if key is not None:
        own = AuditEntry.objects.filter(user_key=key).exclude(username=ERASED, address="")
        found += own.update(username=ERASED, address="")
        about = AuditEntry.objects.filter(about_key=key).exclude(about=ERASED)
        found += about.update(about=ERASED)
    # What was written of them before the account had this key, or by hand.
    by_name = AuditEntry.objects.filter(about__in=[*names], about_key=None)
    return found + by_name.update(about=ERASED)


def entries_of(key: int | None) -> list[dict[str, Any]]:
    """Return what somebody did, and what was done with their account, the newest first."""
    if key is None:
        return []
    own = AuditEntry.objects.filter(user_key=key) | AuditEntry.objects.filter(about_key=key)
    return [
        {
            "at": entry.at.isoformat(),
            "kind": entry.kind,
            "by_them": entry.user_key == key,
            "about_them": entry.about_key == key,
            "address": entry.address if entry.user_key == key else "",
            "facts": entry.facts,
        }
        for entry in own
    ]
