"""Events: a page type that builds on Wagtail's own page, with children, a choice and blocks of its own."""

from typing import Any, TypedDict

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page

from frontend_api.headless import HeadlessPage

# `from` is no name in Python, so this is not written as a class.
Age = TypedDict("Age", {"from": int, "adults": bool})


class AgeBlock(blocks.StructBlock):
    """A block that says in Wagtail's own way what its JSON is."""

    youngest = blocks.IntegerBlock()

    def get_api_representation(self, value: Any, context: Any = None) -> Age:
        """Return what readers need to know."""
        return {"from": value["youngest"], "adults": value["youngest"] >= 18}


class EventPage(HeadlessPage, Page):
    """Something that happens on a day, in a city."""

    starts_on = models.DateField()
    city = models.CharField(max_length=80)
    notes = RichTextField(blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
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
    api_fields = ["starts_on", "city", "notes", "follows", "speakers", "body"]
    api_teaser_fields = ["starts_on", "city"]


class Speaker(Orderable):
    """Somebody who speaks at an event."""

    event = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField(max_length=80)

    api_fields = ["name"]
