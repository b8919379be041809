"""The system checks for what a content app declares."""

from typing import Any

import pytest
from django.core.checks import run_checks
from wagtail import blocks
from wagtail.api import APIField
from wagtail.images.blocks import ImageBlock
from wagtail.images.models import Image

from frontend_api import image_checks
from frontend_api.checks import check_api_fields
from frontend_api.registry import register
from frontend_api.values import ImageFor
from frontend_api.views import CollectionViewSet
from tests.events.models import EventPage


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
    (message,) = image_checks.check_images(None)
    assert message.id == "frontend_api.E003"
    assert mistake in message.msg


@pytest.mark.parametrize("attribute", ["api_fields", "api_teaser_fields"])
def test_a_use_that_is_not_there_is_found_in_a_model(
    monkeypatch: pytest.MonkeyPatch, attribute: str
) -> None:
    monkeypatch.setattr(EventPage, attribute, [APIField("image", serializer=ImageFor("heroo"))])
    (message,) = image_checks.check_images(None)
    assert message.id == "frontend_api.E004"
    assert f"{attribute}: 'image' names the image use 'heroo'" in message.msg


def test_a_use_that_is_not_there_is_found_in_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = blocks.StructBlock([("picture", ImageBlock(image_use="heroo"))])
    body = blocks.StreamBlock([("gallery", blocks.ListBlock(inner))])
    # A block may hold itself.
    body.child_blocks["again"] = body
    monkeypatch.setattr(EventPage._meta.get_field("body"), "stream_block", body)
    (message,) = image_checks.check_images(None)
    assert message.id == "frontend_api.E004"
    assert "body: the block 'picture' names the image use 'heroo'" in message.msg


def test_an_image_model_that_the_api_knows_too_little_of_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(image_checks, "get_image_model", lambda: Image)
    (message,) = image_checks.check_images(None)
    assert message.id == "frontend_api.E005"
