"""Writes entries into the audit log, in the transaction of what they are about."""

from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest

from cms.models import User

from .addresses import address_of
from .models import AuditEntry

current: ContextVar[HttpRequest | None] = ContextVar("current", default=None)
"""The request that is being answered; see `middleware`."""

LONGEST = 255
MOST = 100
"""How long a fact may be, and how many a list of them may have: names come from forms."""


def record(
    kind: str,
    user: Any = None,
    request: HttpRequest | None = None,
    *,
    about: Any = "",
    **facts: Any,
) -> None:
    """Write that `user` did something, about an account or a thing with a name.

    Without a user it was who is signed in by the request; without a request it is the one that is being answered, and
    without any a command.
    """
    request = request or current.get()
    signed_in = getattr(request, "user", None) if user is None else user
    known = signed_in if getattr(signed_in, "is_authenticated", False) else None
    AuditEntry.objects.create(
        kind=kind,
        user_key=getattr(known, "pk", None),
        username=known.get_username() if known else "",
        about_key=about.pk if isinstance(about, User) else None,
        about=_short(about.get_username() if isinstance(about, User) else about),
        address=address_of(request) if request else "",
        facts={name: _bounded(value) for name, value in facts.items()},
    )


def _bounded(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return [_short(one) for one in sorted(map(str, value))[:MOST]]
    return value if isinstance(value, bool | int) else _short(value)


def _short(value: Any) -> str:
    # PostgreSQL stores no null character.
    return str(value).replace("\0", "")[:LONGEST]
