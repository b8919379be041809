"""Erases a person from what outlives the account, and keeps what they did."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.users.models import UserProfile

from cms.audit import erasure as audit
from cms.background import erasure as tasks
from cms.models import User
from frontend_api.changes import erasure as changes
from frontend_api.previews import erasure as previews

ERASED = "(erased)"
"""Stands in the log where the name of an account stood."""


@dataclass
class Person:
    """Somebody to be erased: the key of their account, if it is known, and everything they are called."""

    key: int | None
    usernames: set[str]
    names: set[str] = field(default_factory=set)
    user: User | None = None


def find(wanted: str) -> Person:
    """Return whose username, or else primary key, is `wanted`, even if the account is deleted."""
    user = User.objects.filter(username=wanted).first()
    if user is None and wanted.isdecimal():
        user = User.objects.filter(pk=wanted[:18]).first()
    if user is not None:
        return of(user)
    entries = _entries().exclude(label=ERASED)
    by_name = entries.filter(label=wanted).order_by("-timestamp").first()
    key = by_name.object_id if by_name else wanted if wanted.isdecimal() else None
    if key is None:
        return Person(None, {wanted}, {wanted})
    # An account of that key may be there, with another name; then the name was somebody's before.
    labels = set(entries.filter(object_id=key).values_list("label", flat=True))
    usernames = labels if by_name is None else labels | {wanted}
    return Person(int(key), usernames, set(usernames))


def of(user: User) -> Person:
    """Return a person by their account. The log also knows usernames from before."""
    labels = _entries().filter(object_id=str(user.pk)).exclude(label=ERASED)
    usernames = {user.get_username(), *labels.values_list("label", flat=True)}
    return Person(user.pk, usernames, usernames | previews.names_of(user), user)


def erase(person: Person) -> dict[str, int]:
    """Take a person out of everything that outlives their account; return in how many places of each kind that was."""
    links, history = previews.forget(person.key, person.names)
    addresses = {name for name in person.names if "@" in name}
    return {
        "changes": changes.forget(person.usernames),
        "shared links": links,
        "entries in histories of pages": history + _forget_addresses(PageLogEntry, addresses),
        "entries in the log of accounts": _forget_labels(person),
        "other entries in the log": _forget_addresses(ModelLogEntry, addresses),
        "entries in the audit log": audit.forget(person.key, person.usernames),
        "previews": previews.forget_typed(person.key) if person.key is not None else 0,
        "background tasks": tasks.forget(person.names, ERASED),
        "sessions": _end_sessions(person.key),
        "profile pictures": _delete_picture(person.key),
    }


def _entries() -> Any:
    return ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User))


def _forget_labels(person: Person) -> int:
    if person.key is None:
        return 0
    named = _entries().filter(object_id=str(person.key)).exclude(label=ERASED)
    return int(named.update(label=ERASED))


def _forget_addresses(model: Any, addresses: set[str]) -> int:
    """Replace e-mail addresses wherever they stand in the data of a log."""
    found = 0
    for address in addresses:
        for entry in model.objects.filter(data__icontains=address):
            data = _without(entry.data, address)
            found += model.objects.filter(pk=entry.pk).exclude(data=data).update(data=data)
    return found


def _without(value: Any, address: str) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner, address) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, address) for inner in value]
    return value.replace(address, ERASED) if isinstance(value, str) else value


def _end_sessions(key: int | None) -> int:
    """Delete the sessions of an account, where they are kept in the database."""
    if key is None or not settings.SESSION_ENGINE.endswith((".db", ".cached_db")):
        return 0
    store = import_module(settings.SESSION_ENGINE).SessionStore
    own = [
        session.session_key
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(key)
    ]
    for session_key in own:
        store(session_key).delete()
    return len(own)


def _delete_picture(key: int | None) -> int:
    """Delete the file of a profile picture, once it is certain that the account goes."""
    profile = UserProfile.objects.filter(user=key).exclude(avatar="").first()
    if profile is None:
        return 0
    stored, name = profile.avatar.storage, profile.avatar.name
    UserProfile.objects.filter(pk=profile.pk).update(avatar="")
    transaction.on_commit(lambda: stored.delete(name))
    return 1


@receiver(pre_delete, sender=User)
def erase_deleted(instance: User, **kwargs: Any) -> None:
    """Erase whoever is about to be deleted, in the admin or by code."""
    erase(of(instance))
