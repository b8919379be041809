"""Events: a page type that builds on Wagtail's own page, with children, a choice and blocks of its own."""

from typing import Any, TypedDict

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from rest_framework import serializers
from taggit.models import TaggedItemBase
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, Orderable, Page, RevisionMixin
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail.snippets.models import register_snippet

from frontend_api.previews.headless import HeadlessPage

# `from` is no name in Python, so this is not written as a class.
Age = TypedDict("Age", {"from": int, "adults": bool})


class AgeBlock(blocks.StructBlock):
    """A block that says in Wagtail's own way what its JSON is."""

    youngest = blocks.IntegerBlock()

    def get_api_representation(self, value: Any, context: Any = None) -> Age:
        """Return what readers need to know."""
        return {"from": value["youngest"], "adults": value["youngest"] >= 18}


class Person(models.Model):
    """Somebody who has a part in events."""

    name = models.CharField(max_length=80)

    api_fields = ["name"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class EventPage(HeadlessPage, Page):
    """Something that happens on a day, in a city."""

    starts_on = models.DateField()
    city = models.CharField(max_length=80)
    notes = RichTextField(blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    people = models.ManyToManyField(Person, through="Credit", blank=True)
    body = StreamField([("paragraph", blocks.RichTextBlock()), ("age", AgeBlock())], blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("starts_on"),
        FieldPanel("city"),
        FieldPanel("notes"),
        FieldPanel("follows"),
        InlinePanel("speakers"),
        FieldPanel("body"),
    ]
    api_fields = ["starts_on", "city", "notes", "follows", "speakers", "people", "body"]
    api_teaser_fields = ["starts_on", "city"]


class Speaker(Orderable):
    """Somebody who speaks at an event."""

    event = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(max_length=80)

    api_fields = ["name"]


class Credit(models.Model):
    """The part of a person in an event, a row that is made by itself."""

    event = models.ForeignKey(EventPage, on_delete=models.CASCADE, related_name="credits")
    # Nobody yet, perhaps.
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="credits"
    )

    def __str__(self) -> str:
        """Return who it is."""
        return str(self.person)


@register_snippet
class Sponsor(DraftStateMixin, RevisionMixin, Person):
    """Somebody who pays: a snippet with drafts, of which half is in the table of what has none."""

    panels = [FieldPanel("name")]


class Placed(Page):
    """What takes place somewhere."""

    place = models.CharField(max_length=80)

    class Meta:
        abstract = True


class Minuted(HeadlessPage, Page):
    """What is written up."""

    minutes = RichTextField(blank=True)

    class Meta:
        abstract = True


class MeetingTag(TaggedItemBase):
    """A tag of a meeting."""

    content_object = ParentalKey("MeetingPage", on_delete=models.CASCADE, related_name="tag_items")


class MeetingPage(Placed, Minuted):
    """A meeting, with what events have not: two bases that are pages, tags, drafts of others, rows that point at it."""

    sponsor = models.ForeignKey(Sponsor, null=True, blank=True, on_delete=models.SET_NULL)
    supporters = ParentalManyToManyField(Sponsor, blank=True, related_name="supported")
    prepares = models.ForeignKey(EventPage, null=True, blank=True, on_delete=models.SET_NULL)
    tags = ClusterTaggableManager(through=MeetingTag, blank=True)
    body = StreamField([("sponsor", SnippetChooserBlock(Sponsor))], blank=True)

    class Meta:
        verbose_name = "meeting page"

    content_panels = [
        *Page.content_panels,
        FieldPanel("place"),
        FieldPanel("minutes"),
        FieldPanel("sponsor"),
        FieldPanel("supporters"),
        FieldPanel("prepares"),
        FieldPanel("tags"),
        FieldPanel("body"),
    ]
    api_fields = [
        "place",
        "minutes",
        "sponsor",
        "supporters",
        "tags",
        "questions",
        "body",
        "expire_at",
        APIField("prepared", serializer=serializers.StringRelatedField(source="prepares")),
        APIField("sponsor_name", serializer=serializers.CharField(source="sponsor.name")),
    ]


class Question(models.Model):
    """What somebody asked before a meeting, a row that points at it and is no part of it."""

    meeting = models.ForeignKey(MeetingPage, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=80)

    api_fields = ["text"]

    def __str__(self) -> str:
        """Return the text."""
        return self.text
