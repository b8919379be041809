"""The system checks of what is said of images."""

from typing import Any

import pytest
from wagtail import blocks
from wagtail.api import APIField
from wagtail.images.blocks import ImageBlock

from frontend_api.serialization import image_checks as checks
from frontend_api.serialization.fields import ImageFor
from tests.configure import configure
from tests.events.models import EventPage

pytestmark = pytest.mark.once

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
    configure(settings, IMAGE_USES=uses)
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


def test_a_form_that_takes_images_which_cannot_be_read_is_found(settings: Any) -> None:
    settings.WAGTAILIMAGES_IMAGE_FORM_BASE = "wagtail.images.forms.BaseImageForm"
    (message,) = checks.check_images(None)
    assert message.id == "frontend_api.W003"
