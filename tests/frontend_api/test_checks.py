"""The system checks for what a content app declares."""

from functools import cached_property
from typing import Any, Literal

import django_filters
import pytest
from django.core.checks import run_checks
from django.test import override_settings
from rest_framework import serializers
from wagtail import blocks
from wagtail.api import APIField
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import Image
from wagtail.search.index import RelatedFields, SearchField

from frontend_api.endpoints.collections import CollectionViewSet, register
from frontend_api.endpoints.filters import CollectionFilterSet
from frontend_api.openapi.checks import check_types
from frontend_api.previews.checks import check_client_urls
from frontend_api.serialization import image_checks as checks
from frontend_api.serialization.field_checks import check_api_fields, check_search_fields
from frontend_api.serialization.fields import ImageFor, RepresentedField
from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests.events.api import EventsViewSet
from tests.events.models import EventPage, MeetingPage


def ids(**declared: Any) -> list[str | None]:
    """Return the ids of what the checks find when the plugin declares this."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in declared.items():
            patch.setattr(EventPage, name, value, raising=False)
        return [message.id for message in check_api_fields(None)]


def test_what_is_declared_is_right() -> None:
    assert ids() == []
    assert run_checks() == []


@pytest.mark.parametrize("attribute", ["api_fields", "api_meta_fields"])
def test_a_misspelt_name_is_found(attribute: str) -> None:
    assert ids(**{attribute: [*getattr(EventPage, attribute, []), "citty"]}) == [
        "frontend_api.E001"
    ]


def test_a_teaser_shows_nothing_that_a_detail_does_not() -> None:
    assert ids(api_teaser_fields=["starts_on", "title"]) == ["frontend_api.E002"]


@pytest.mark.parametrize(("source", "wrong"), [("follows.title", 0), ("*", 0), ("folows.title", 1)])
def test_where_a_serialiser_field_takes_its_value_from_is_checked(source: str, wrong: int) -> None:
    declared = APIField("before", serializer=serializers.CharField(source=source))
    fields = [*EventPage.api_fields, declared]
    assert ids(api_fields=fields) == ["frontend_api.E001"] * wrong


def test_a_search_finds_nothing_by_what_may_be_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_search_fields(None) == []
    named = {
        MeetingPage: [RelatedFields("sponsor", [SearchField("name")])],
        EventPage: [RelatedFields("follows", [SearchField("title")])],
        InsightPage: [RelatedFields("image", [SearchField("title")])],
        ProgrammePage: [
            RelatedFields("partners", [RelatedFields("partner", [RelatedFields("logo", [])])])
        ],
    }
    for model, fields in named.items():
        monkeypatch.setattr(model, "search_fields", fields)
    found = check_search_fields(None)
    assert [message.id for message in found] == ["frontend_api.W002"] * 4
    assert {message.obj for message in found} == set(named)


@pytest.mark.parametrize(
    ("urls", "wrong"),
    [
        ({"default": "{SITE_ROOT_URL}/preview", "a.example": "https://b.example/preview"}, 0),
        ({}, 1),
        ({"default": None}, 1),
        ({"default": "/preview"}, 1),
        ({"default": "{SITE}/preview"}, 1),
        ({"default": "{SITE_ROOT_URL}/preview?a=b"}, 1),
        ({"default": "https://[/preview"}, 1),
        ({"default": "https://b.example", "a.example": "b.example", "c.example": 1}, 2),
    ],
)
def test_previews_have_somewhere_to_open(urls: dict[str, Any], wrong: int) -> None:
    with override_settings(WAGTAIL_HEADLESS_PREVIEW={"CLIENT_URLS": urls}):
        assert [message.id for message in check_client_urls(None)] == ["frontend_api.E008"] * wrong


@pytest.mark.parametrize("name", ["pages", "site", "preview", "programmes"])
def test_an_address_is_given_once(name: str) -> None:
    from django.core.exceptions import ImproperlyConfigured

    class Other(CollectionViewSet):
        model = EventPage

    with pytest.raises(ImproperlyConfigured, match="answers at"):
        register(name, Other)


def test_a_filter_is_added_once() -> None:
    from django.core.exceptions import ImproperlyConfigured

    from insights.api import InsightsViewSet

    with pytest.raises(ImproperlyConfigured, match="has a filter"):
        InsightsViewSet.add_filter("programme", None)


def test_a_filter_is_added_to_one_collection_alone() -> None:
    class One(CollectionViewSet):
        model = EventPage

    class Other(CollectionViewSet):
        model = EventPage

    class Inheriting(EventsViewSet):
        pass

    before = set(CollectionFilterSet.base_filters)
    One.add_filter("town", django_filters.CharFilter(field_name="city"))
    Inheriting.add_filter("town", django_filters.CharFilter(field_name="city"))
    assert set(One.filterset_class.base_filters) == {*before, "town"}
    assert set(Inheriting.filterset_class.base_filters) == {*before, "city", "town"}
    assert set(EventsViewSet.filterset_class.base_filters) == {*before, "city"}
    for untouched in (Other, CollectionViewSet):
        assert set(untouched.filterset_class.base_filters) == before


GOOD = {"widths": (320, 640)}


@pytest.mark.parametrize(
    ("uses", "mistake"),
    [
        (None, "has no use 'body'"),
        ({"hero": GOOD}, "has no use 'body'"),
        ({"body": (320, 640)}, "other than widths and ratio"),
        ({"body": {**GOOD, "quality": 60}}, "other than widths and ratio"),
        ({"body": {}}, "widths of 'body'"),
        ({"body": {"widths": 320}}, "widths of 'body'"),
        ({"body": {"widths": ()}}, "widths of 'body'"),
        ({"body": {"widths": (640, 320)}}, "widths of 'body'"),
        ({"body": {"widths": (320, 320)}}, "widths of 'body'"),
        ({"body": {"widths": (0, 320)}}, "widths of 'body'"),
        ({"body": {"widths": ("320",)}}, "widths of 'body'"),
        ({"body": GOOD, "hero": {**GOOD, "ratio": "16:9"}}, "ratio of 'hero'"),
        ({"body": GOOD, "hero": {**GOOD, "ratio": (16,)}}, "ratio of 'hero'"),
        ({"body": GOOD, "hero": {**GOOD, "ratio": (16, 0)}}, "ratio of 'hero'"),
    ],
)
def test_uses_of_images_are_described_well(settings: Any, uses: Any, mistake: str) -> None:
    settings.IMAGE_USES = uses
    (message,) = checks.check_images(None)
    assert message.id == "frontend_api.E005"
    assert mistake in message.msg


@pytest.mark.parametrize("attribute", ["api_fields", "api_teaser_fields"])
def test_a_use_that_is_not_there_is_found_in_a_model(
    monkeypatch: pytest.MonkeyPatch, attribute: str
) -> None:
    monkeypatch.setattr(EventPage, attribute, [APIField("image", serializer=ImageFor("heroo"))])
    (message,) = checks.check_images(None)
    assert message.id == "frontend_api.E006"
    assert f"{attribute}: 'image' names the image use 'heroo'" in message.msg


def test_a_use_that_is_not_there_is_found_in_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = blocks.StructBlock([("picture", ImageBlock(image_use="heroo"))])
    body = blocks.StreamBlock([("gallery", blocks.ListBlock(inner))])
    # A block may hold itself.
    body.child_blocks["again"] = body
    monkeypatch.setattr(EventPage._meta.get_field("body"), "stream_block", body)
    (message,) = checks.check_images(None)
    assert message.id == "frontend_api.E006"
    assert "body: the block 'picture' names the image use 'heroo'" in message.msg


def test_an_image_model_that_the_api_knows_too_little_of_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "get_image_model", lambda: Image)
    (message,) = checks.check_images(None)
    assert message.id == "frontend_api.E007"


def test_a_form_that_takes_images_which_cannot_be_read_is_found(settings: Any) -> None:
    settings.WAGTAILIMAGES_IMAGE_FORM_BASE = "wagtail.images.forms.BaseImageForm"
    (message,) = checks.check_images(None)
    assert message.id == "frontend_api.W003"


class OpenEnded(RepresentedField):
    """A field that does not say what it gives."""


class Unannotated(blocks.StructBlock):
    """A block of its own form that does not say what it is."""

    def get_api_representation(self, value, context=None):
        return {"anything": 1}


def type_ids(monkeypatch: pytest.MonkeyPatch, name: str, value: Any, declared: Any = None) -> Any:
    """Return the checks' messages when the plugin also has an attribute that it gives to the API."""
    monkeypatch.setattr(EventPage, name, value, raising=False)
    monkeypatch.setattr(EventPage, "api_fields", [*EventPage.api_fields, declared or name])
    return [(message.id, message.msg) for message in check_types(None)]


def anything(self: Any) -> Any:
    """Return what nobody knows."""


def unannotated(self):
    """Return what nobody knows."""


def some(self: Any) -> list:
    """Return a list of what nobody knows."""


def known(self: Any) -> "Literal['a', 'b'] | None":
    """Return one of two letters, or nothing."""


@pytest.mark.parametrize("method", [anything, unannotated, some, property(anything)])
def test_a_property_or_method_without_a_type_is_named(
    monkeypatch: pytest.MonkeyPatch, method: Any
) -> None:
    [(number, text)] = type_ids(monkeypatch, "mystery", method)
    assert number == "frontend_api.E003"
    assert text.startswith("EventPage.mystery: its annotation" if method is not unannotated else "")


@pytest.mark.parametrize("method", [known, property(known), cached_property(known)])
def test_a_property_or_method_with_a_type_is_right(
    monkeypatch: pytest.MonkeyPatch, method: Any
) -> None:
    assert type_ids(monkeypatch, "letter", method) == []


def test_a_field_of_its_own_form_without_a_type_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = APIField("open_ended", serializer=OpenEnded())
    [(number, text)] = type_ids(monkeypatch, "open_ended", None, declared)
    assert number == "frontend_api.E003"
    assert text.startswith("EventPage.open_ended: OpenEnded has no json_schema")


def test_a_block_without_a_type_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    field = EventPage._meta.get_field("body")
    block = blocks.StreamBlock([("row", blocks.ListBlock(Unannotated()))])
    monkeypatch.setattr(field, "stream_block", block)
    [message] = check_types(None)
    assert message.id == "frontend_api.E003"
    assert message.msg.startswith("EventPage.body: block 'row': it has no return annotation"), (
        message.msg
    )


def test_a_filter_without_a_type_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    filterset = EventsViewSet.filterset_class
    monkeypatch.setitem(filterset.base_filters, "file", django_filters.Filter(field_name="city"))
    [message] = check_types(None)
    assert message.id == "frontend_api.E004"
    assert "filter 'file'" in message.msg
