"""The model of shared drafts: links that show one page, on one site, to somebody without an account, until a date."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import COMMENTS_RELATION_NAME, Site

from frontend_api.introspection import Page
from frontend_api.previews import tokens

# The precision of `last_opened_at`: a reader who turns pages should not cause a write per page.
EXACTNESS = datetime.timedelta(minutes=1)


class SharedDraftQuerySet(models.QuerySet["SharedDraft"]):
    """Queries for shared drafts by whether their links have ended."""

    def open(self) -> "SharedDraftQuerySet":
        """Return those that are neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def listed(self) -> "SharedDraftQuerySet":
        """Return them for a list: with page and maker, but without `content`, which may be large."""
        return self.defer("content").select_related("page", "made_by")

    def ended_before(self, moment: datetime.datetime) -> "SharedDraftQuerySet":
        """Return those that were revoked or had expired before `moment`."""
        return self.filter(Q(revoked_at__lt=moment) | Q(expires_at__lt=moment))


class SharedDraft(models.Model):
    """A link to a draft. Its token is shown once, to whoever makes the link, and stored hashed."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="+", verbose_name=_("page"))
    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    is_fixed = models.BooleanField(
        _("fixed"),
        default=False,
        db_default=False,
        help_text=_("The link shows the draft as it was when the link was made."),
    )
    content = models.JSONField(null=True, editable=False, encoder=DjangoJSONEncoder)
    """What a fixed link shows; null for a link that follows the draft.

    The content is copied, because a revision may not last: Wagtail overwrites the latest revision while its editor
    goes on writing, and revisions may be purged.
    """
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
        help_text=_("The link works while this person may edit the page."),
    )
    made_for = models.CharField(_("for"), max_length=100)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    objects = SharedDraftQuerySet.as_manager()

    # A link does not count as a use of the page; it is simply deleted with the page.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("shared draft")
        verbose_name_plural = _("shared drafts")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_fixed=True, content__isnull=False)
                | Q(is_fixed=False, content__isnull=True),
                name="fixed_links_have_content",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} ({self.made_for})"

    @property
    def is_open(self) -> bool:
        """Whether the link is neither expired nor revoked."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def works(self) -> bool:
        """Whether the link still shows the draft: it is open, and its maker may edit the page."""
        return self.is_open and self.maker_may_edit(self.page)

    def maker_may_edit(self, page: Page) -> bool:
        """Return whether the link's maker still exists and may edit `page` where it now stands in the tree."""
        user: Any = self.made_by
        return user is not None and page.permissions_for_user(user).can_edit()

    @property
    def state(self) -> Any:
        """The state of the link, as a short label."""
        if self.revoked_at is not None:
            return _("Revoked")
        if not self.is_open:
            return _("Expired")
        if not self.works:
            return _("Ended: its maker may no longer edit the page")
        return _("Works")

    @property
    def shows(self) -> Any:
        """What the link shows, as a short label."""
        return _("The draft as it was") if self.is_fixed else _("The draft as it changes")

    def draft(self) -> Page:
        """Return the page as the link shows it."""
        shown: Page = (
            self.page.specific.with_content_json(self.content)
            if self.is_fixed
            else self.page.get_latest_revision_as_object()
        )
        return shown

    def note_opening(self) -> None:
        """Record that the link was opened, to within `EXACTNESS`."""
        now = timezone.now()
        if self.last_opened_at is None or now - self.last_opened_at > EXACTNESS:
            SharedDraft.objects.filter(pk=self.pk).update(last_opened_at=now)


def content_of(page: Page) -> dict[str, Any]:
    """Return the saved draft of `page` in the form of a revision's content, without comments."""
    revision = page.get_latest_revision()
    # A page created in code may have no revision.
    content: dict[str, Any] = revision.content if revision else page.specific.serializable_data()
    # Comments are for editors only.
    return {name: value for name, value in content.items() if name != COMMENTS_RELATION_NAME}


def find(token: str) -> SharedDraft | None:
    """Return the shared draft that `token` stands for, or None if it is unknown, expired or revoked."""
    shared = (
        SharedDraft.objects.select_related("page", "site", "made_by")
        .filter(token_digest=tokens.digest(token))
        .first()
    )
    return shared if shared is not None and shared.is_open else None
