"""Paths that led somewhere once, and that Wagtail's redirects cannot hold."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from frontend_api.introspection import Page

from .paths import digest_of


class FormerPath(models.Model):
    """A path of a frontend that has ended for good, or that is longer than a redirect of Wagtail holds.

    Without `page` and `link`, it is gone.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="+", verbose_name=_("site"))
    path = models.TextField(_("path"))
    digest = models.CharField(max_length=64, editable=False)
    """Of the path in small letters: a path may be longer than an index takes."""
    page = models.ForeignKey(
        Page,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("leads to the page"),
    )
    link = models.TextField(_("leads to the address"), blank=True)
    is_permanent = models.BooleanField(_("permanent"), default=True)

    # A page is not used by an address that it once had.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        indexes: ClassVar = [models.Index(fields=["site", "digest"], name="former_path")]

    def __str__(self) -> str:
        return self.path

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, with what it is found by."""
        self.digest = digest_of(self.path)
        super().save(*args, **kwargs)

    @property
    def is_gone(self) -> bool:
        """Whether the path has ended for good."""
        return self.page_id is None and not self.link

    @property
    def leads_to(self) -> str:
        """What the admin's list says of it."""
        if self.is_gone:
            return str(_("Gone for good"))
        return str(self.page) if self.page_id else self.link
