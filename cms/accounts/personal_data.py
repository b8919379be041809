"""Everything that this service knows of a person, as JSON: what they may ask for, and what `erasure` takes out.

Each part has the name of the place that it is from. What a person wrote for readers is the content, and is counted.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.forms.models import model_to_dict
from wagtail.models import Comment, CommentReply, ModelLogEntry, PageLogEntry, Revision
from wagtail.users.models import UserProfile

from cms.audit import erasure as audit
from cms.models import CmsDocument, CmsImage, User
from frontend_api.changes.models import Change
from frontend_api.previews.erasure import links_for
from frontend_api.previews.sharing.models import SharedDraft
from frontend_api.previews.typed_drafts import TypedDraft

from .erasure import Person

ACCOUNT = ("username", "first_name", "last_name", "email", "is_active", "is_superuser")
# What is a secret of theirs, and no fact about them.
SECRETS = {"password", "secret", "token", "data"}


def collect(person: Person) -> dict[str, Any]:
    """Return what is known of a person: `{"account": {…}, "profile": {…}, "sessions": 2, "history": […], …}`.

    Of an account that was deleted that is what still names them.
    """
    key = person.key
    return {
        "account": _account(person.user),
        "profile": _profile(key),
        "further_data_of_the_account": _others(person.user),
        "sessions": _sessions(key),
        "audit_log": audit.entries_of(key),
        "history": [*_history(PageLogEntry, key), *_history(ModelLogEntry, key)],
        "changes_in_the_change_log": Change.objects.filter(made_by__in=person.usernames).count(),
        "links_to_drafts_made": _links(SharedDraft.objects.filter(made_by=key)) if key else [],
        "links_to_drafts_for_them": _links(links_for(person.names)),
        "previews": TypedDraft.objects.filter(user=key).count() if key else 0,
        "comments": _comments(key),
        "revisions_written": Revision.objects.filter(user=key).count() if key else 0,
        "images_uploaded": _uploaded(CmsImage, key),
        "documents_uploaded": _uploaded(CmsDocument, key),
    }


def _account(user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    return {
        **{name: getattr(user, name) for name in ACCOUNT},
        "key": user.pk,
        "joined_at": user.date_joined.isoformat(),
        "last_login_at": user.last_login.isoformat() if user.last_login else None,
        "groups": sorted(user.groups.values_list("name", flat=True)),
    }


def _profile(key: int | None) -> dict[str, Any] | None:
    profile = UserProfile.objects.filter(user=key).first() if key else None
    if profile is None:
        return None
    return {name: str(value) for name, value in model_to_dict(profile).items() if name != "user"}


def _others(user: User | None) -> dict[str, list[dict[str, str]]]:
    """Return the rows that belong to an account alone, of whatever apps keep some: devices, addresses, sessions."""
    found: dict[str, list[dict[str, str]]] = {}
    for relation in user._meta.related_objects if user else ():
        model = relation.related_model
        is_known = model in {UserProfile, TypedDraft, SharedDraft, Comment, CommentReply, Revision}
        is_own = relation.on_delete is not None and relation.on_delete.__name__ == "CASCADE"
        if is_known or not is_own or isinstance(model, str) or relation.many_to_many:
            continue
        rows = model._default_manager.filter(**{relation.field.name: user})
        if listed := [_row(row, relation.field.name) for row in rows]:
            found[model._meta.label] = listed
    return found


def _row(row: Any, owner: str) -> dict[str, str]:
    fields = (field for field in row._meta.concrete_fields if field.name != owner)
    return {
        field.name: "(not shown)"
        if any(word in field.name for word in SECRETS)
        else str(field.value_from_object(row))
        for field in fields
    }


def _sessions(key: int | None) -> int:
    if key is None:
        return 0
    decoded = (session.get_decoded() for session in Session.objects.iterator())
    return sum(one.get(SESSION_KEY) == str(key) for one in decoded)


def _history(model: Any, key: int | None) -> list[dict[str, Any]]:
    entries = model.objects.filter(user=key).order_by("-timestamp") if key else []
    return [
        {"at": entry.timestamp.isoformat(), "action": entry.action, "label": entry.label}
        for entry in entries
    ]


def _links(links: Any) -> list[dict[str, Any]]:
    return [
        {
            "page": link.page_id,
            "for": link.made_for,
            "created_at": link.created_at.isoformat(),
            "expires_at": link.expires_at.isoformat(),
        }
        for link in links
    ]


def _comments(key: int | None) -> list[dict[str, Any]]:
    if key is None:
        return []
    return [
        {"at": comment.created_at.isoformat(), "text": comment.text}
        for model in (Comment, CommentReply)
        for comment in model.objects.filter(user=key)
    ]


def _uploaded(model: Any, key: int | None) -> list[str]:
    owned = model.objects.filter(uploaded_by_user=key) if key else model.objects.none()
    return sorted(owned.values_list("title", flat=True))
