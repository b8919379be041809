"""What every page of a site shows: the organisation, menus, the footer, social links, and words of the templates."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import (
    DraftStateMixin,
    Locale,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    Site,
    TranslatableMixin,
)

from cms.drafts.completeness import CompleteWhenPublished
from cms.forms import ModelForm
from cms.menus import NO_LABEL, NO_PLACE, TWO_PLACES, LinksField, Menu
from cms.site_fields import Share, Words
from cms.validators import validate_web_address
from cms.words import choices
from frontend_api.previews.headless import HeadlessSiteContent


class SiteSettings(
    CompleteWhenPublished,
    HeadlessSiteContent,
    PreviewableMixin,
    DraftStateMixin,
    RevisionMixin,
    TranslatableMixin,
    ClusterableModel,
):
    """What every page of one site shows around its content, in one language."""

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.CASCADE, editable=False)
    organisation = models.CharField(
        _("organisation"),
        max_length=100,
        blank=True,
        help_text=_(
            "The name as it stands in the header and footer, and at the top of this admin."
        ),
    )
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Shown in this admin and where one signs in, on white. Search engines are told of it as well."
        ),
    )
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_(
            "One or two plain sentences on the website, for pages that have no summary of their own."
        ),
    )
    share_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("share image"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Shown where a page without an image of its own is shared."),
    )
    footer_text = RichTextField(_("footer text"), blank=True, features=["bold", "italic", "link"])

    base_form_class = ModelForm

    panels: ClassVar = [
        FieldPanel("organisation"),
        FieldPanel("logo"),
        InlinePanel(
            "navigation",
            heading=_("Navigation"),
            label=_("item"),
            help_text=_(
                "The main menu, in this order. Without items, it has the pages marked “Show in menus”."
            ),
        ),
        InlinePanel(
            "footer_navigation",
            heading=_("Navigation in the footer"),
            # Not as in the main menu: what reads a form aloud tells the two apart by it.
            label=_("link in the footer"),
            help_text=_("Links at the end of every page, such as to a privacy notice."),
        ),
        FieldPanel("footer_text"),
        InlinePanel("social_links", heading=_("Social links"), label=_("link")),
        MultiFieldPanel(
            [FieldPanel("description"), FieldPanel("share_image")],
            heading=_("When a page is shared or found"),
        ),
        InlinePanel(
            "words",
            heading=_("Words"),
            label=_("word"),
            help_text=_(
                "What the website says around its content, such as “Read more”. Add only what is to be put otherwise."
            ),
        ),
    ]
    api_fields: ClassVar = [
        "organisation",
        "footer_text",
        "social_links",
        APIField("navigation", serializer=Menu(automatic=True)),
        APIField("footer_navigation", serializer=Menu()),
        APIField("share", serializer=Share()),
        APIField("words", serializer=Words()),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "locale"], name="one_site_settings_a_language")
        ]

    def __str__(self) -> str:
        name = self.site.site_name or self.site.hostname
        several = getattr(settings, "WAGTAIL_I18N_ENABLED", False)
        return f"{name} ({self.locale})" if several else str(name)

    @classmethod
    def for_site(cls, site: Site, locale: Locale | None = None, *, live: bool = True) -> Self:
        """Return the settings of a site in a language, that of its home page by default; they are made if need be.

        New ones in a further language begin with what is the same in every language.
        """
        locale = locale or site.root_page.locale
        found = cls.objects.filter(site=site, locale=locale).first()
        if found is not None:
            return found
        first = cls.objects.filter(site=site).order_by("pk").first()
        new = cls(site=site, locale=locale, live=live, has_unpublished_changes=not live)
        if first is not None:
            new.translation_key = first.translation_key
            new.organisation, new.logo_id = first.organisation, first.logo_id
            new.share_image_id = first.share_image_id
            new.social_links = [
                SocialLink(label=link.label, url=link.url, sort_order=link.sort_order)
                for link in first.social_links.all()
            ]
        new.save()
        return new

    def copy_for_translation(self, locale: Locale, exclude_fields: Any = None) -> Self:
        """Return a copy in another language, which is a draft: its menu is still that of this one."""
        copied: Self = super().copy_for_translation(locale, exclude_fields)
        copied.live, copied.has_unpublished_changes = False, True
        copied.first_published_at = copied.last_published_at = None
        copied.latest_revision = copied.live_revision = None
        return copied


class MenuItem(Orderable):
    """One item of a menu: a page, or an address elsewhere, with links below it."""

    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    url = models.CharField(
        _("address"),
        max_length=500,
        blank=True,
        validators=[validate_web_address],
        help_text=_("Instead of a page, the address of something elsewhere."),
    )
    label = models.CharField(
        _("label"), max_length=60, blank=True, help_text=_("Without it, the title of the page.")
    )
    children = LinksField(
        verbose_name=_("below it"),
        blank=True,
        default=[],
        help_text=_("Links that stand under this item. Where its page is not shown, nor are they."),
    )

    panels: ClassVar = [
        PageChooserPanel("page"),
        FieldPanel("url"),
        FieldPanel("label"),
        FieldPanel("children"),
    ]

    class Meta(Orderable.Meta):
        abstract = True

    def clean(self) -> None:
        """Check that the item leads to exactly one place, and has a label."""
        super().clean()
        if self.page_id and self.url:
            raise ValidationError({"url": TWO_PLACES})
        if not self.page_id and not self.url:
            raise ValidationError({"page": NO_PLACE})
        if self.url and not self.label:
            raise ValidationError({"label": NO_LABEL})


class NavigationItem(MenuItem):
    """One item of the main menu."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="navigation")


class FooterItem(MenuItem):
    """One item of the menu in the footer."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="footer_navigation")


class SocialLink(Orderable):
    """The organisation's page on a social network."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="social_links")
    label = models.CharField(
        _("label"), max_length=60, help_text=_("The name of the network, such as LinkedIn.")
    )
    url = models.CharField(_("address"), max_length=500, validators=[validate_web_address])

    panels: ClassVar = [FieldPanel("label"), FieldPanel("url")]
    api_fields: ClassVar = ["label", "url"]


class Word(models.Model):
    """A word of the templates that editors put otherwise."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="words")
    name = models.CharField(_("word"), max_length=40, choices=choices)
    text = models.CharField(
        _("instead"),
        max_length=100,
        help_text=_("Keep what stands in braces, such as {count}: the website fills it in."),
    )

    panels: ClassVar = [FieldPanel("name"), FieldPanel("text")]

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["settings", "name"], name="one_text_a_word")
        ]

    def __str__(self) -> str:
        return self.text
