"""Records what signals tell: sign-ins, passwords, accounts, their rights, and links to drafts."""

from typing import Any

from django.contrib.auth import signals as sessions
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.models import PageLogEntry

from cms.models import User
from frontend_api.previews.sharing.actions import REVOKED, SHARED

from .erasure import forget
from .log import record
from .models import Kind

RIGHTS = {"is_superuser": "administrator", "is_active": "active"}
"""The columns of an account that say what it may, and what they are called here."""

UNKNOWN = "(unknown)"
"""Stands for a name that no account has: people type passwords into the wrong field."""


@receiver(sessions.user_logged_in)
def signed_in(request: Any, user: Any, **kwargs: Any) -> None:
    """Record who signed in."""
    record(Kind.SIGNED_IN, user, request, about=user)


@receiver(sessions.user_logged_out)
def signed_out(request: Any, user: Any, **kwargs: Any) -> None:
    """Record who signed out; nobody, if the session had ended already."""
    if user is not None:
        record(Kind.SIGNED_OUT, user, request, about=user)


@receiver(sessions.user_login_failed)
def refused(credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    """Record for which account somebody was refused."""
    typed = str(credentials.get(User.USERNAME_FIELD) or credentials.get("email") or "")[:254]
    known = typed.replace("\0", "")
    account = User.objects.filter(username=known).first()
    account = account or User.objects.filter(email__iexact=known).exclude(email="").first()
    record(Kind.REFUSED, None, request, about=account or UNKNOWN)


@receiver(pre_save, sender=User)
def account_changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Record another password, and other rights of an account."""
    before = None if raw else User.objects.filter(pk=instance.pk).first()
    if before is None:
        return
    # Private, and the only sign of a password that somebody chose: Django also hashes the same one anew at a sign-in.
    if instance._password is not None and before.password != instance.password:
        record(Kind.PASSWORD, about=before)
    now = {
        title: getattr(instance, name)
        for name, title in RIGHTS.items()
        if getattr(instance, name) != getattr(before, name)
    }
    if now:
        record(Kind.ACCOUNT_CHANGED, about=before, **now)


@receiver(post_save, sender=User)
def account_added(instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Record a new account."""
    if created and not raw:
        record(Kind.ACCOUNT_ADDED, about=instance, administrator=instance.is_superuser)


@receiver(post_delete, sender=User)
def account_deleted(instance: Any, **kwargs: Any) -> None:
    """Record that an account is gone, by its key, once all that belonged to it is: its name is erased with it."""
    forget(instance.pk, {instance.get_username()})
    record(Kind.ACCOUNT_DELETED, about=str(instance.pk))


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
def rights_changed(
    sender: Any,
    instance: Any,
    action: str,
    reverse: bool,
    model: Any,
    pk_set: set[Any] | None,
    **kwargs: Any,
) -> None:
    """Record which groups and permissions an account gets or loses."""
    if action == "pre_clear":
        name = "user_set" if reverse else "groups" if model is Group else "user_permissions"
        lost = set(getattr(instance, name).values_list("pk", flat=True))
        _rights(instance, reverse, model, "removed", lost)
    elif action in {"post_add", "post_remove"}:
        _rights(instance, reverse, model, action.removeprefix("post_"), pk_set or set())


def _rights(instance: Any, reverse: bool, model: Any, how: str, keys: set[Any]) -> None:
    how = {"add": "added", "remove": "removed"}.get(how, how)
    if not keys:
        return
    others = list(model._default_manager.filter(pk__in=keys))
    for account in others if reverse else [instance]:
        names = [str(instance)] if reverse else [str(other) for other in others]
        record(Kind.ACCOUNT_CHANGED, about=account, **{how: names})


@receiver(post_save, sender=PageLogEntry)
def shared(instance: Any, created: bool, **kwargs: Any) -> None:
    """Record that a draft was shared, or a link ended; whom it was for stays in the history of its page."""
    kind = {SHARED: Kind.SHARED, REVOKED: Kind.REVOKED}.get(instance.action)
    if created and kind:
        until = instance.data.get("expires_at", "")
        record(kind, instance.user, about=f"{instance.label} ({instance.page_id})", until=until)
