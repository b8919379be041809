"""What every page of a site shows: the organisation, the footer, social links and the navigation."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import Orderable

from cms.forms import ModelForm
from cms.validators import validate_web_address
from frontend_api.serialization.deferred import Deferred
from frontend_api.serialization.fields import RepresentedField
from frontend_api.serialization.json_schema import BOOLEAN, STRING, Schema, Types, array, record
from frontend_api.serialization.links import external_link
from frontend_api.serialization.loaders import pages
from frontend_api.serialization.nested import Level
from frontend_api.serialization.selection import Selection
from frontend_api.visibility.perspective import Perspective


class Navigation(RepresentedField):
    """The main menu: `[{"label": "Programmes", "url": "/programmes/", "external": false}, …]`.

    Without items of its own, it has the pages below home that are shown in menus.
    """

    def represent(
        self, instance: Any, name: str, perspective: Perspective, selection: Selection, level: Level
    ) -> Any:
        """Return the items that lead somewhere visible."""
        items = list(instance.navigation.all())
        if not items:
            home = perspective.site.root_page
            below = perspective.pages().filter(path__startswith=home.path, depth=home.depth + 1)
            if perspective.draft_overlay is None:
                # A draft may be shown in menus where what is stored of its page is not, and the other way round.
                below = below.filter(show_in_menus=True)
            return [
                _page_item(page.title, page, perspective)
                for page in perspective.seen(perspective.listed(below.order_by("path")))
                if page.show_in_menus
            ]

        def build(*found: Any) -> list[dict[str, Any]]:
            targets = iter(found)
            built = []
            for item in items:
                if item.page_id is None:
                    built.append({"label": item.label, **external_link(item.url)})
                elif (page := next(targets)) is not None:
                    built.append(_page_item(item.label or page.title, page, perspective))
            return built

        return Deferred(
            build, *((pages, item.page_id) for item in items if item.page_id is not None)
        )

    def json_schema(
        self, model: type[models.Model], name: str, types: Types, level: Level
    ) -> Schema:
        """Return the type of the items."""
        item = record({"label": STRING, "url": STRING, "external": BOOLEAN})
        return array(types.named("MenuItem", item))


def _page_item(label: str, page: Any, perspective: Perspective) -> dict[str, Any]:
    return {"label": label, "url": perspective.path(page), "external": False}


@register_setting(icon="site", order=100)
class SiteSettings(BaseSiteSetting, ClusterableModel):
    """What every page of one site shows around its content."""

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
        MultiFieldPanel(
            [FieldPanel("description"), FieldPanel("share_image")],
            heading=_("When a page is shared or found"),
        ),
        InlinePanel(
            "navigation",
            heading=_("Navigation"),
            label=_("item"),
            help_text=_(
                "The main menu, in this order. Without items, it has the pages marked “Show in menus”."
            ),
        ),
        FieldPanel("footer_text"),
        InlinePanel("social_links", heading=_("Social links"), label=_("link")),
    ]
    api_fields: ClassVar = [
        "organisation",
        "footer_text",
        "social_links",
        APIField("navigation", serializer=Navigation()),
    ]

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")


class NavigationItem(Orderable):
    """One item of the main menu: a page, or an address elsewhere."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="navigation")
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

    panels: ClassVar = [PageChooserPanel("page"), FieldPanel("url"), FieldPanel("label")]

    def clean(self) -> None:
        """Check that the item leads to exactly one place, and has a label."""
        super().clean()
        if self.page_id and self.url:
            raise ValidationError({"url": _("Choose a page or give an address, not both.")})
        if not self.page_id and not self.url:
            raise ValidationError({"page": _("Choose a page or give an address.")})
        if self.url and not self.label:
            raise ValidationError({"label": _("An address needs a label.")})


class SocialLink(Orderable):
    """The organisation's page on a social network."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="social_links")
    label = models.CharField(
        _("label"), max_length=60, help_text=_("The name of the network, such as LinkedIn.")
    )
    url = models.CharField(_("address"), max_length=500, validators=[validate_web_address])

    panels: ClassVar = [FieldPanel("label"), FieldPanel("url")]
    api_fields: ClassVar = ["label", "url"]
