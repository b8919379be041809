"""Shares drafts and revokes their links, and logs both in the page's history."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import Site

from frontend_api.introspection import Page
from frontend_api.previews import tokens

from .models import SharedDraft

SHARED = "frontend_api.share_draft"
REVOKED = "frontend_api.revoke_shared_draft"


def share(page: Page, site: Site, user: Any, terms: dict[str, Any]) -> tuple[SharedDraft, str]:
    """Share the draft of `page` on `terms` (see `ShareForm.terms`); return the new row and the seed of its token.

    Neither is stored here, so that whoever reads the database has no link.
    """
    seed = tokens.random_seed()
    token = tokens.derived_token(tokens.SHARE, seed)
    with transaction.atomic():
        shared = SharedDraft.objects.create(
            page=page, site=site, made_by=user, token_digest=tokens.digest(token), **terms
        )
        _log(shared, SHARED, user)
    return shared, seed


def revoke(shared: SharedDraft, user: Any) -> None:
    """End a link at once; a link that has already ended stays as it is."""
    with transaction.atomic():
        open_ones = SharedDraft.objects.open().filter(pk=shared.pk)
        if open_ones.update(revoked_at=timezone.now()):
            _log(shared, REVOKED, user)


def _log(shared: SharedDraft, action: str, user: Any) -> None:
    data = {"made_for": shared.made_for, "expires_at": shared.expires_at.isoformat()}
    log(instance=shared.page, action=action, user=user, data=data)


def recipient(made_for: str) -> str:
    """Return for whom a link is, or that it is not known any more, because somebody was erased."""
    return made_for or gettext("(erased)")


class SharedFormatter(LogFormatter):
    """Formats the entry in a page's history that its draft was shared."""

    label = _("Share draft")

    def format_message(self, log_entry: Any) -> str:
        """Return with whom the draft was shared, and until when."""
        expires_at = parse_datetime(log_entry.data["expires_at"])
        return gettext("Shared the draft with %(made_for)s until %(day)s") % {
            "made_for": recipient(log_entry.data["made_for"]),
            "day": date_format(timezone.localtime(expires_at)),
        }


class RevokedFormatter(LogFormatter):
    """Formats the entry in a page's history that a link was revoked."""

    label = _("Revoke shared draft")

    def format_message(self, log_entry: Any) -> str:
        """Return for whom the link was."""
        return gettext("Revoked the link to the draft for %(made_for)s") % {
            "made_for": recipient(log_entry.data["made_for"])
        }


def register(actions: LogActionRegistry) -> None:
    """Register both log actions with Wagtail."""
    actions.register_action(SHARED)(SharedFormatter)
    actions.register_action(REVOKED)(RevokedFormatter)
