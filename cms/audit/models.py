"""The model of the audit log: one row for each thing that somebody did."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What is recorded."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    REFUSED = "refused", _("Was refused to sign in")
    PASSWORD = "password", _("Changed a password")
    SECOND_FACTOR = "second_factor", _("Changed a second factor")
    ACCOUNT_ADDED = "account_added", _("Added an account")
    ACCOUNT_CHANGED = "account_changed", _("Changed the rights of an account")
    ACCOUNT_DELETED = "account_deleted", _("Deleted an account")
    GROUP_CHANGED = "group_changed", _("Changed the rights of a group")
    SHARED = "shared", _("Shared a draft")
    REVOKED = "revoked", _("Ended a link to a draft")
    EXPORTED = "exported", _("Exported")
    PERSONAL_DATA = "personal_data", _("Listed somebody's personal data")
    ERASED = "erased", _("Erased a person")
    BACKUP = "backup", _("Made or downloaded a backup")


class AuditEntry(models.Model):
    """Something that somebody did.

    {"at": "2026-11-27T08:00:00Z", "kind": "account_changed", "user_key": 3, "username": "anna", "about_key": 7,
     "about": "ben", "address": "192.0.2.0/24", "facts": {"added": ["Moderators"]}}
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    kind = models.CharField(_("what"), max_length=40, choices=Kind.choices)
    # Keys and names, and no reference: an entry outlives the account.
    user_key = models.BigIntegerField(null=True)
    username = models.CharField(_("who"), max_length=150, blank=True)
    about_key = models.BigIntegerField(null=True)
    """The key of the account that it is about, if it is about one."""
    about = models.CharField(_("about"), max_length=255, blank=True)
    """What that account was called, or the name of a group, a page or a report."""
    address = models.CharField(_("address"), max_length=50, blank=True)
    facts = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ("-at", "-pk")
        # Nobody edits it, and superusers read it: there are no permissions to give.
        default_permissions = ()
        indexes: ClassVar = [
            models.Index(fields=["user_key"], name="audit_by_user"),
            models.Index(fields=["about_key"], name="audit_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.who} · {self.get_kind_display()} · {self.about}"

    @property
    def who(self) -> str:
        """The name of who did it, or what else did."""
        return self.username or gettext("(nobody signed in)")

    @property
    def details(self) -> str:
        """What else is known, in one line: `added: Editors, Moderators; administrator: yes`."""
        return "; ".join(f"{name}: {_said(value)}" for name, value in sorted(self.facts.items()))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
