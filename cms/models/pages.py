"""The page types that every site has, and the base of all others."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    PageChooserPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Orderable, Page
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.choosers import InsightChooser
from cms.copying import CopyPageForm
from cms.drafts.completeness import CompleteWhenPublished
from cms.forms import PageForm
from cms.original import GoesWithOriginal
from cms.widgets import body_panel, title_panel
from frontend_api.previews.headless import HeadlessPage
from frontend_api.serialization.fields import Chosen, ImageFor

PLAIN_TEXT_FEATURES = ["bold", "italic", "link", "document-link"]


class BasePage(CompleteWhenPublished, HeadlessPage, Page):
    """What every page has beside its title and slug: a summary, an image, and how search engines see it."""

    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_(
            "One or two plain sentences, shown where other pages lead here. 300 characters at most."
        ),
    )
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Shown at the top of the page and where other pages lead here."),
    )
    hide_from_search_engines = models.BooleanField(
        _("hide from search engines"),
        default=False,
        help_text=_(
            "Asks Google and others not to list this page. Whoever has its address still reads it."
        ),
    )

    content_panels: ClassVar = [
        title_panel(),
        FieldPanel("summary", widget=AdminAutoHeightTextInput(attrs={"rows": 2})),
        FieldPanel("image"),
    ]
    promote_panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("hide_from_search_engines"),
            ],
            heading=_("For search engines"),
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], heading=_("For site menus")),
    ]

    base_form_class = PageForm
    copy_form_class = CopyPageForm

    api_fields: ClassVar = ["summary", APIField("image", serializer=ImageFor("hero"))]
    api_teaser_fields: ClassVar = ["summary", APIField("image", serializer=ImageFor("teaser"))]
    api_meta_fields: ClassVar = ["hide_from_search_engines"]
    api_seo: ClassVar = {
        "noindex": "hide_from_search_engines",
        "description": "summary",
        "image": "image",
    }

    search_fields: ClassVar = [*Page.search_fields, index.SearchField("summary", boost=2)]

    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> GoesWithOriginal:
        """Return what somebody may do with this page."""
        return GoesWithOriginal(user, self)


class HomePage(BasePage):
    """The first page of a site, and the root of its tree."""

    heading = models.CharField(
        _("heading"),
        max_length=200,
        blank=True,
        help_text=_("The large line at the top. Without it, the title."),
    )
    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_TEXT_FEATURES)
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    parent_page_types: ClassVar = ["wagtailcore.Page"]

    content_panels: ClassVar = [
        title_panel(),
        FieldPanel("heading"),
        FieldPanel("introduction"),
        MultipleChooserPanel(
            "featured_programmes",
            chooser_field_name="page",
            panels=[PageChooserPanel("page", "programmes.ProgrammePage")],
            heading=_("Featured programmes"),
            label=_("programme"),
            help_text=_("Shown in this order. Choose several at once."),
        ),
        MultipleChooserPanel(
            "featured_insights",
            chooser_field_name="page",
            panels=[FieldPanel("page", widget=InsightChooser)],
            heading=_("Featured insights"),
            label=_("insight"),
            help_text=_("Shown in this order. Choose several at once."),
        ),
        body_panel(),
        MultiFieldPanel(
            [
                FieldPanel("summary", widget=AdminAutoHeightTextInput(attrs={"rows": 2})),
                FieldPanel("image"),
            ],
            heading=_("When shared or listed"),
        ),
    ]

    api_fields: ClassVar = [
        *BasePage.api_fields,
        "heading",
        "introduction",
        "body",
        APIField("featured_programmes", serializer=Chosen("page")),
        APIField("featured_insights", serializer=Chosen("page")),
    ]
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("heading"),
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class FeaturedPage(Orderable):
    """A page that the home page shows, in an order that the editor gives."""

    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta(Orderable.Meta):
        abstract = True


class FeaturedProgramme(FeaturedPage):
    """A programme on the home page."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_programmes")


class FeaturedInsight(FeaturedPage):
    """An insight on the home page."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="featured_insights")


class ContentPage(BasePage):
    """A page of text that is neither a programme nor an insight, such as About."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    parent_page_types: ClassVar = ["cms.HomePage", "cms.ContentPage"]
    subpage_types: ClassVar = ["cms.ContentPage"]

    content_panels: ClassVar = [*BasePage.content_panels, body_panel()]
    api_fields: ClassVar = [*BasePage.api_fields, "body"]
    search_fields: ClassVar = [*BasePage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")
