"""The models of programmes: what the foundation does, with whom, since when, and with what results."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    TitleFieldPanel,
)
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Orderable
from wagtail.search import index

from cms.blocks import BodyBlock
from cms.choosers import InsightChooser
from cms.forms import PageForm
from cms.models import BasePage, Theme, ThemesField
from cms.models.pages import PLAIN_TEXT_FEATURES
from cms.validators import validate_web_address, year_validators
from cms.widgets import body_panel, title_panel
from frontend_api.serialization.fields import Chosen, ImageFor

from . import periods
from .period_field import Period
from .related import RelatedInsights


class Partner(index.Indexed, models.Model):
    """An organisation that programmes are carried out with."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    slug = models.SlugField(
        _("slug"),
        max_length=150,
        unique=True,
        help_text=_("The partner's name in addresses, such as ?partner=interpol."),
    )
    website = models.CharField(
        _("website"), max_length=500, blank=True, validators=[validate_web_address]
    )
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    description = models.TextField(
        _("description"),
        max_length=1000,
        blank=True,
        help_text=_("Who they are, in one or two plain sentences."),
    )

    panels: ClassVar = [
        TitleFieldPanel("name", placeholder=False),
        FieldPanel("slug"),
        FieldPanel("website"),
        FieldPanel("logo"),
        FieldPanel("description"),
    ]
    api_fields: ClassVar = [
        "name",
        "slug",
        "website",
        "description",
        APIField("logo", serializer=ImageFor("logo")),
    ]
    search_fields: ClassVar = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.AutocompleteField("website"),
        index.SearchField("description"),
        index.FilterField("id"),
        index.FilterField("name"),
        index.FilterField("slug"),
    ]

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ProgrammeIndexPage(BasePage):
    """The list of a site's programmes."""

    introduction = RichTextField(_("introduction"), blank=True, features=PLAIN_TEXT_FEATURES)

    parent_page_types: ClassVar = ["cms.HomePage"]
    subpage_types: ClassVar = ["programmes.ProgrammePage"]
    max_count_per_parent = 1

    content_panels: ClassVar = [*BasePage.content_panels, FieldPanel("introduction")]
    api_fields: ClassVar = [*BasePage.api_fields, "introduction"]
    api_seo: ClassVar = {**BasePage.api_seo, "schema": "CollectionPage"}
    search_fields: ClassVar = [*BasePage.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("list of programmes")
        verbose_name_plural = _("lists of programmes")


class ProgrammePageForm(PageForm):
    """Validates phases against the programme's years in the same form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "phases" in self.formsets:
            for form in self.formsets["phases"].forms:
                form.instance.programme = self.instance


class ProgrammePage(BasePage):
    """A programme, from its first year to its last."""

    start_year = models.PositiveSmallIntegerField(
        _("first year"), null=True, validators=year_validators
    )
    end_year = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        validators=year_validators,
    )
    themes = ThemesField(Theme, verbose_name=_("themes"), blank=True, related_name="programmes")
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    base_form_class = ProgrammePageForm
    guide_section = "a-programme"
    parent_page_types: ClassVar = ["programmes.ProgrammeIndexPage"]
    subpage_types: ClassVar[list[str]] = []

    content_panels: ClassVar = [
        title_panel(),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("start_year"), FieldPanel("end_year")])],
            heading=_("Period"),
            help_text=_("While the programme runs, leave the last year empty."),
        ),
        *BasePage.content_panels[1:],
        MultipleChooserPanel(
            "partners",
            chooser_field_name="partner",
            heading=_("Partners"),
            label=_("partner"),
            help_text=_("Shown in this order."),
        ),
        FieldPanel("themes", widget=forms.CheckboxSelectMultiple),
        InlinePanel(
            "key_figures",
            heading=_("Key figures"),
            label=_("figure"),
            help_text=_("What came of it so far, the most telling first."),
        ),
        body_panel(),
        InlinePanel(
            "phases",
            heading=_("Phases"),
            label=_("phase"),
            help_text=_("In the order in which they ran."),
        ),
        MultipleChooserPanel(
            "related_insights",
            chooser_field_name="insight",
            heading=_("Related insights"),
            label=_("insight"),
            help_text=_(
                "Choose several at once, or make new ones there. Without any, the three newest that share a theme are "
                "shown."
            ),
        ),
    ]

    api_fields: ClassVar = [
        *BasePage.api_fields,
        "start_year",
        "end_year",
        APIField("period", serializer=Period()),
        "status",
        APIField("partners", serializer=Chosen("partner")),
        "themes",
        "key_figures",
        "phases",
        "body",
        APIField("related_insights", serializer=RelatedInsights()),
    ]
    api_teaser_fields: ClassVar = [
        *BasePage.api_teaser_fields,
        "start_year",
        "end_year",
        APIField("period", serializer=Period()),
        "status",
        APIField("partners", serializer=Chosen("partner")),
        "themes",
    ]
    search_fields: ClassVar = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.RelatedFields(
            "partners", [index.RelatedFields("partner", [index.SearchField("name")])]
        ),
        index.RelatedFields("themes", [index.SearchField("name")]),
        index.FilterField("start_year"),
        index.FilterField("end_year"),
    ]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    @property
    def period(self) -> str:
        """The years for display, such as `2015 – 2023`."""
        return periods.period(self.start_year, self.end_year)

    @property
    def status(self) -> periods.Status:
        """Whether the programme is `upcoming`, `active` or `completed` in the site's time zone."""
        return periods.status(self.start_year, self.end_year)

    def clean(self) -> None:
        """Check that the programme does not end before it starts."""
        super().clean()
        check_years(self.start_year, self.end_year)


def check_years(start_year: int | None, end_year: int | None) -> None:
    """Raise `ValidationError` on `end_year` if it is before `start_year`."""
    if start_year is not None and end_year is not None and end_year < start_year:
        raise ValidationError({"end_year": _("The last year is before the first.")})


class ProgrammePartner(Orderable):
    """A partner of one programme."""

    programme = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="partners")
    partner = models.ForeignKey(
        Partner,
        verbose_name=_("partner"),
        on_delete=models.CASCADE,
        related_name="programme_partners",
    )

    class Meta(Orderable.Meta):
        unique_together = (("programme", "partner"),)


class KeyFigure(Orderable):
    """A number that says what came of a programme."""

    programme = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="key_figures")
    value = models.CharField(
        _("figure"), max_length=40, help_text=_("As readers see it, such as “10,000+”.")
    )
    label = models.CharField(_("what it counts"), max_length=200)
    as_of = models.DateField(_("as of"), null=True, blank=True)

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("value"), FieldPanel("as_of")]),
        FieldPanel("label"),
    ]
    api_fields: ClassVar = ["value", "label", "as_of"]


class Phase(Orderable):
    """A part of a programme's time."""

    programme = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="phases")
    title = models.CharField(_("title"), max_length=200)
    start_year = models.PositiveSmallIntegerField(
        _("first year"), null=True, validators=year_validators
    )
    end_year = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        validators=year_validators,
    )
    text = RichTextField(_("text"), blank=True, features=PLAIN_TEXT_FEATURES)

    panels: ClassVar = [
        FieldPanel("title"),
        FieldRowPanel(
            [FieldPanel("start_year"), FieldPanel("end_year")],
            help_text=_("While the phase runs, leave the last year empty."),
        ),
        FieldPanel("text"),
    ]
    api_fields: ClassVar = ["title", "start_year", "end_year", "text"]

    def clean(self) -> None:
        """Check that the phase does not end before it starts, and lies within its programme."""
        super().clean()
        check_years(self.start_year, self.end_year)
        first, last = self.programme.start_year, self.programme.end_year
        errors = {}
        if self.start_year is not None and (
            (first is not None and self.start_year < first)
            or (last is not None and self.start_year > last)
        ):
            errors["start_year"] = _("The phase starts outside the programme.")
        if last is not None and self.end_year is None:
            errors["end_year"] = _("The programme has a last year, so the phase needs one too.")
        elif last is not None and self.end_year > last:
            errors["end_year"] = _("The phase ends after the programme.")
        if errors:
            raise ValidationError(errors)


class RelatedInsight(Orderable):
    """An insight that goes with a programme."""

    programme = ParentalKey(
        ProgrammePage, on_delete=models.CASCADE, related_name="related_insights"
    )
    insight = models.ForeignKey(
        "insights.InsightPage",
        verbose_name=_("insight"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels: ClassVar = [FieldPanel("insight", widget=InsightChooser)]

    class Meta(Orderable.Meta):
        unique_together = (("programme", "insight"),)
