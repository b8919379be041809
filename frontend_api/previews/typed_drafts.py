"""Unsaved drafts: what editors have typed, stored for previews, in one row per preview that is opened.

wagtail-headless-preview stores the page; the row here records whose it is. Two previews never share a row, even of the
same page, in the same second, by the same editor.
"""

import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.core import signing
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from wagtail_headless_preview.models import HeadlessPreviewMixin, PagePreview

from frontend_api import conf

from . import tokens


class TypedDraft(models.Model):
    """The owner of a stored draft: an editor, for as long as the session in which they typed it lasts."""

    stored = models.OneToOneField(
        PagePreview, models.CASCADE, primary_key=True, related_name="typed"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"What {self.user} typed at {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def is_logged_in(self) -> bool:
        """Whether the session in which this was typed is still valid: no logout, new password or inactive account."""
        store = import_module(settings.SESSION_ENGINE).SessionStore
        session = store(self.session_key)
        user: Any = self.user
        # A session that began with a secret key before this one goes on, as it does for Django.
        hashes = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
        known = session.get(HASH_SESSION_KEY, "")
        return bool(
            user.is_active
            and session.get(SESSION_KEY) == str(user.pk)
            and any(constant_time_compare(known, one) for one in hashes)
        )


def keep(typed: HeadlessPreviewMixin, user: Any, session_key: str) -> str:
    """Store a page or snippet as it was typed, and return the token that shows it."""
    token: str = typed.get_preview_signer().sign(tokens.random_token(tokens.PREVIEW))
    with transaction.atomic():
        stored, _ = typed.update_page_preview(tokens.digest(token))
        TypedDraft.objects.create(stored=stored, user=user, session_key=session_key)
    return token


def find(token: str) -> tuple[TypedDraft, datetime.datetime] | None:
    """Return the draft that `token` stands for and when it was signed; None if it is forged, expired or unknown.

    The row is looked up even if the signature is bad or too old, so that all failures take equally long.
    """
    signed_at = _signed_at(token)
    typed = (
        TypedDraft.objects.select_related("stored", "user")
        .filter(stored__token=tokens.digest(token))
        .first()
    )
    return (typed, signed_at) if typed and signed_at else None


def _signed_at(token: str) -> datetime.datetime | None:
    signer = HeadlessPreviewMixin.get_preview_signer()
    try:
        signer.unsign(token, max_age=conf.preview_max_age())
    except signing.BadSignature:
        return None
    seconds = signing.b62_decode(token.split(signer.sep)[-2])
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)


def clear() -> int:
    """Delete the stored drafts that are too old to open, or that have no owner, and return how many there were."""
    oldest = timezone.now() - datetime.timedelta(seconds=conf.preview_max_age())
    useless = PagePreview.objects.exclude(typed__made_at__gte=oldest)
    with transaction.atomic():
        TypedDraft.objects.filter(stored__in=useless).delete()
        deleted, _ = useless.delete()
    return int(deleted)


def as_object(typed: TypedDraft) -> models.Model:
    """Return the page or snippet as it was typed; raises one of `revisions.UNUSABLE` if too much changed since."""
    found: models.Model = typed.stored.as_page()
    return found
