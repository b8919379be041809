"""Content for tests, made with as little as each test needs to say."""

import datetime
from io import BytesIO
from typing import Any

import factory
import wagtail_factories
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image as PillowImage
from wagtail.models import Page, Site

from cms.models import CmsDocument, CmsImage, ContentPage, HomePage, Theme, User
from frontend_api.images.models import ImageFile
from insights.models import InsightIndexPage, InsightPage
from programmes.models import (
    KeyFigure,
    Partner,
    Phase,
    ProgrammeIndexPage,
    ProgrammePage,
    ProgrammePartner,
    RelatedInsight,
)
from tests.events.models import EventPage, MeetingPage, Speaker, Sponsor

PUBLISHED_AT = datetime.datetime(2024, 5, 1, 8, 0, tzinfo=datetime.UTC)


def default_site() -> Site:
    """Return the site that the migrations made."""
    return Site.objects.select_related("root_page").get(is_default_site=True)


def home() -> HomePage:
    """Return the default site's home page."""
    return HomePage.objects.get(pk=default_site().root_page_id)


def programme_index() -> ProgrammeIndexPage:
    """Return the default site's list of programmes."""
    return ProgrammeIndexPage.objects.child_of(home()).get()


def insight_index() -> InsightIndexPage:
    """Return the default site's list of insights."""
    return InsightIndexPage.objects.child_of(home()).get()


def png(width: int = 8, height: int = 6) -> bytes:
    """Return the smallest useful picture."""
    return encoded(PillowImage.new("RGB", (width, height), (11, 93, 91)))


def encoded(picture: PillowImage.Image, form: str = "PNG", **options: Any) -> bytes:
    """Return a picture as a file."""
    buffer = BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


class UserFactory(DjangoModelFactory):
    """Somebody who can log in with the password `password`; `groups` names the groups they are in."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("user-{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    password = factory.django.Password("password")

    @factory.post_generation
    def groups(self, create: bool, names: list[str] | None, **kwargs: Any) -> None:
        """Put the user into groups by name."""
        from django.contrib.auth.models import Group

        for name in names or ():
            self.groups.add(Group.objects.get(name=name))


class ImageFactory(wagtail_factories.ImageFactory):
    """An image in the root collection."""

    class Meta:
        model = CmsImage

    title = factory.Sequence("Image {}".format)
    file = factory.LazyFunction(lambda: ContentFile(png(), name="picture.png"))


class DocumentFactory(wagtail_factories.DocumentFactory):
    """A document in the root collection."""

    class Meta:
        model = CmsDocument

    title = factory.Sequence("Document {}".format)
    file = factory.LazyFunction(lambda: ContentFile(b"Twelve bytes", name="report.txt"))
    file_size = 12


class ThemeFactory(DjangoModelFactory):
    """A theme."""

    class Meta:
        model = Theme

    name = factory.Sequence("Theme {}".format)
    slug = factory.Sequence("theme-{}".format)


class PartnerFactory(DjangoModelFactory):
    """A partner without a logo."""

    class Meta:
        model = Partner

    name = factory.Sequence("Partner {}".format)
    slug = factory.Sequence("partner-{}".format)


class PageFactory(wagtail_factories.PageFactory):
    """A live page below the home page."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    parent = factory.LazyFunction(home)
    live = True
    first_published_at = PUBLISHED_AT
    last_published_at = PUBLISHED_AT


class ContentPageFactory(PageFactory):
    """A content page."""

    class Meta:
        model = ContentPage

    title = factory.Sequence("Content {}".format)
    slug = factory.Sequence("content-{}".format)


class InsightPageFactory(PageFactory):
    """An article of our own; give `external_url`, and `body=[]`, for one that leads elsewhere."""

    class Meta:
        model = InsightPage
        skip_postgeneration_save = True

    parent = factory.LazyFunction(insight_index)
    title = factory.Sequence("Insight {}".format)
    slug = factory.Sequence("insight-{}".format)
    published_on = datetime.date(2024, 5, 1)
    body = factory.LazyAttribute(
        lambda page: (
            []
            if getattr(page, "external_url", "")
            else [{"type": "rich_text", "value": "<p>Text</p>"}]
        )
    )

    @factory.post_generation
    def themes(self, create: bool, themes: list[Theme] | None, **kwargs: Any) -> None:
        """Give the insight themes."""
        if themes:
            self.themes.set(themes)
            self.save()


class ProgrammePageFactory(PageFactory):
    """A programme from 2015 to 2023."""

    class Meta:
        model = ProgrammePage
        skip_postgeneration_save = True

    parent = factory.LazyFunction(programme_index)
    title = factory.Sequence("Programme {}".format)
    slug = factory.Sequence("programme-{}".format)
    start_year = 2015
    end_year = 2023

    @factory.post_generation
    def themes(self, create: bool, themes: list[Theme] | None, **kwargs: Any) -> None:
        """Give the programme themes."""
        if themes:
            self.themes.set(themes)
            self.save()

    @factory.post_generation
    def partners(self, create: bool, partners: list[Partner] | None, **kwargs: Any) -> None:
        """Give the programme partners, in this order."""
        if partners:
            self.partners.set([ProgrammePartner(partner=partner) for partner in partners])
            self.save()

    @factory.post_generation
    def insights(self, create: bool, insights: list[InsightPage] | None, **kwargs: Any) -> None:
        """Choose related insights, in this order."""
        if insights:
            self.related_insights.set([RelatedInsight(insight=insight) for insight in insights])
            self.save()

    @factory.post_generation
    def figures(self, create: bool, figures: list[dict[str, Any]] | None, **kwargs: Any) -> None:
        """Give the programme key figures."""
        if figures:
            self.key_figures.set([KeyFigure(**figure) for figure in figures])
            self.save()

    @factory.post_generation
    def parts(self, create: bool, phases: list[dict[str, Any]] | None, **kwargs: Any) -> None:
        """Give the programme phases."""
        if phases:
            self.phases.set([Phase(**phase) for phase in phases])
            self.save()


class EventPageFactory(PageFactory):
    """A page of the tests' own plugin."""

    class Meta:
        model = EventPage
        skip_postgeneration_save = True

    title = factory.Sequence("Event {}".format)
    slug = factory.Sequence("event-{}".format)
    starts_on = datetime.date(2030, 1, 2)
    city = "Lyon"

    @factory.post_generation
    def speakers(self, create: bool, names: list[str] | None, **kwargs: Any) -> None:
        """Give the event speakers."""
        if names:
            self.speakers.set([Speaker(name=name) for name in names])
            self.save()


class SponsorFactory(DjangoModelFactory):
    """A snippet with drafts."""

    class Meta:
        model = Sponsor

    name = factory.Sequence("Sponsor {}".format)


class MeetingPageFactory(PageFactory):
    """Another page of the plugin."""

    class Meta:
        model = MeetingPage
        skip_postgeneration_save = True

    title = factory.Sequence("Meeting {}".format)
    slug = factory.Sequence("meeting-{}".format)
    place = "Lyon"

    @factory.post_generation
    def supporters(self, create: bool, sponsors: list[Sponsor] | None, **kwargs: Any) -> None:
        """Give the meeting supporters."""
        if sponsors:
            self.supporters.set(sponsors)
            self.save()


def restrict(page: Page) -> None:
    """Put a page, and all below it, behind a password."""
    page.view_restrictions.create(restriction_type="password", password="secret")


def file_of(image: CmsImage) -> ImageFile:
    """Return what is known of the file of an image."""
    return ImageFile.objects.get(pk=str(image.pk))
