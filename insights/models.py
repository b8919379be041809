"""The models of insights: articles of our own, and teasers for articles published elsewhere."""

import datetime
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from cms.blocks import BODY_HELP, BodyBlock
from cms.forms import PageForm
from cms.models import BasePage, Theme, ThemesField
from cms.models.pages import PLAIN_TEXT_FEATURES
from cms.validators import validate_web_address
from frontend_api.serialization.fields import RepresentedField
from frontend_api.serialization.json_schema import Schema, Types
from frontend_api.serialization.links import external_link
from frontend_api.visibility.perspective import Perspective

ARTICLE: Literal["article"] = "article"
EXTERNAL: Literal["external"] = "external"
KINDS = [(ARTICLE, _("Our article")), (EXTERNAL, _("Elsewhere"))]


def today() -> datetime.date:
    """Return the date in the site's time zone."""
    return timezone.localdate()


class InsightIndexPage(BasePage):
    """The list of a site's insights."""

    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_TEXT_FEATURES)

    parent_page_types: ClassVar = ["cms.HomePage"]
    subpage_types: ClassVar = ["insights.InsightPage"]
    max_count_per_parent = 1

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("introduction")]
    api_fields: ClassVar = [*BasePage.api_fields, "introduction"]
    search_fields: ClassVar = [*BasePage.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("list of insights")
        verbose_name_plural = _("lists of insights")


class InsightPageForm(PageForm):
    """Derives the source anew when the address has changed."""

    def clean(self) -> dict[str, Any]:
        """Clear a source that was derived from the previous address, so that it follows the new one."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("source") == source_of(self.initial.get("external_url") or ""):
            cleaned["source"] = ""
        return cleaned


class InsightLink(RepresentedField):
    """The link of an insight: to its own page, or to an article published elsewhere."""

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Any, level: Any
    ) -> Any:
        """Return the link, such as `{"url": "/insight/a-slug/", "external": false}`."""
        if instance.external_url:
            return external_link(instance.external_url)
        return {"url": perspective.path(instance), "external": False}

    def json_schema(self, model: Any, name: str, types: Types, level: Any) -> Schema:
        """Return the schema of a link, which is never null here."""
        return types.link()


class InsightPage(BasePage):
    """An article of ours (it has a body), or a teaser for somebody else's (it has an address)."""

    published_on = models.DateField(_("published on"), default=today)
    themes = ThemesField(Theme, verbose_name=_("themes"), blank=True, related_name="insights")
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    external_url = models.CharField(
        _("external address"),
        max_length=500,
        blank=True,
        validators=[validate_web_address],
        help_text=_("The address of somebody else's article, instead of a body of our own."),
    )
    source = models.CharField(
        _("source"),
        max_length=100,
        blank=True,
        help_text=_(
            "Whose article it is. Without it, the address's host, such as END-VIOLENCE.ORG."
        ),
    )

    base_form_class = InsightPageForm

    guide_section = "an-insight"
    parent_page_types: ClassVar = ["insights.InsightIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    content_panels: ClassVar = [
        *BasePage.content_panels,
        FieldRowPanel(
            [FieldPanel("published_on"), FieldPanel("themes", widget=forms.CheckboxSelectMultiple)]
        ),
        MultiFieldPanel(
            [FieldPanel("external_url"), FieldPanel("source")],
            heading=_("Somebody else's article"),
            help_text=_("Leave empty for an article of our own."),
        ),
        FieldPanel("body", heading=_("Our article"), help_text=BODY_HELP),
    ]

    api_fields: ClassVar = [
        *BasePage.api_fields,
        "published_on",
        "kind",
        "source",
        "external_url",
        APIField("link", serializer=InsightLink()),
        "themes",
        "body",
    ]
    api_teaser_fields: ClassVar = [
        *BasePage.api_teaser_fields,
        "published_on",
        "kind",
        "source",
        APIField("link", serializer=InsightLink()),
        "themes",
    ]
    api_seo: ClassVar = {**BasePage.api_seo, "elsewhere": "external_url"}
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("source"),
        index.SearchField("body"),
        index.RelatedFields("themes", [index.SearchField("name")]),
        index.FilterField("published_on"),
        index.FilterField("external_url"),
    ]

    class Meta:
        verbose_name = _("insight")
        verbose_name_plural = _("insights")
        # Finding the newest stays fast, however many there are.
        indexes: ClassVar = [
            models.Index(fields=["published_on", "page_ptr"], name="insights_by_date")
        ]

    @property
    def kind(self) -> Literal["article", "external"]:
        """Whether the insight is our own article or was published elsewhere."""
        return EXTERNAL if self.external_url else ARTICLE

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Derive a missing source from the address before validating."""
        if self.external_url and not self.source:
            self.source = source_of(self.external_url)
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Check that there is either a body or an address."""
        super().clean()
        if self.body and self.external_url:
            message = _(
                "An insight is our own article or somebody else's: remove the address, or the body."
            )
            raise ValidationError({"external_url": message})
        if not self.body and not self.external_url:
            raise ValidationError(
                {"body": _("Write an article, or give the address of somebody else's above.")}
            )


def source_of(url: str) -> str:
    """Return the source label for `url`: `END-VIOLENCE.ORG` for `https://www.end-violence.org/x`, "" if it is bad."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        # The address field itself reports a bad address.
        return ""
    return host.removeprefix("www.").upper()[:100]
