"""The type of each kind of field, block, serialiser field and annotation is that of the JSON it gives."""

import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NotRequired, TypedDict

import jsonschema_rs
import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from wagtail import blocks
from wagtail.api import APIField
from wagtail.images.api.fields import ImageRenditionField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, Site
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.models import CmsImage, Theme
from frontend_api.changes.models import Change
from frontend_api.openapi import fields, serializer_fields
from frontend_api.openapi import objects as object_types
from frontend_api.openapi.annotations import annotated
from frontend_api.openapi.blocks import of_block
from frontend_api.openapi.components import name_of
from frontend_api.serialization import json_schema
from frontend_api.serialization.blocks import represent_block
from frontend_api.serialization.json_schema import ANY, STRING, Untyped
from frontend_api.serialization.model_fields import to_json
from frontend_api.serialization.nested import Level
from frontend_api.visibility.perspective import Perspective
from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests.events.models import EventPage, Speaker

pytestmark = pytest.mark.once


NOTHING: Any = Perspective(Site())


def as_sent(value: Any) -> Any:
    """Return what a client reads."""
    # Alone, null would be an empty response.
    return json.loads(JSONRenderer().render([value]))[0]


def fits(schema: dict[str, Any], value: Any) -> bool:
    """Tell whether what is sent for `value` is of a type."""
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    valid: bool = validator.is_valid(as_sent(value))
    return valid


TABLE = [
    (blocks.CharBlock(), ["text", "", None]),
    (blocks.TextBlock(), ["text", None]),
    (blocks.BlockQuoteBlock(), ["text"]),
    (blocks.RichTextBlock(), ["<p>text</p>", ""]),
    (blocks.RawHTMLBlock(), ["<hr>"]),
    (blocks.EmailBlock(), ["a@example.org", ""]),
    (blocks.URLBlock(), ["https://example.org", ""]),
    (blocks.RegexBlock(regex=r"\d+"), ["12"]),
    (blocks.BooleanBlock(required=False), [True, False]),
    (blocks.IntegerBlock(), [3, None]),
    (blocks.FloatBlock(), [3.5, None]),
    (blocks.DecimalBlock(), ["3.50", None]),
    (blocks.DateBlock(), ["2024-05-01", None]),
    (blocks.TimeBlock(), ["08:30:00", None]),
    (blocks.DateTimeBlock(), ["2024-05-01T08:30:00Z", None]),
    (blocks.ChoiceBlock(choices=[("a", "A"), ("b", "B")]), ["a"]),
    (blocks.ChoiceBlock(choices=[("Group", [("a", "A")])], required=False), ["a", "", None]),
    (blocks.MultipleChoiceBlock(choices=[("a", "A"), ("b", "B")]), [["a", "b"], []]),
    (blocks.StaticBlock(), [None]),
    (blocks.ListBlock(blocks.IntegerBlock()), [[], [1, None]]),
    (blocks.StructBlock([("on", blocks.DateBlock())]), [{"on": "2024-05-01"}, {}, None]),
]


@pytest.mark.parametrize(
    ("block", "stored"), [(block, value) for block, values in TABLE for value in values]
)
def test_a_block_has_the_type_of_what_it_gives(block: Any, stored: Any) -> None:
    schema = of_block(block, "Test", object_types.components())
    assert fits(schema, represent_block(block, stored, NOTHING)), schema
    assert not fits(schema, {"something": "else"})


def test_blocks_that_choose_have_the_type_of_what_they_choose_or_null() -> None:
    components = object_types.components()
    for block, name in [
        (ImageBlock(), "Image"),
        (SnippetChooserBlock(Theme), "Theme"),
        (blocks.PageChooserBlock(), "PageTeaser"),
        (blocks.PageChooserBlock(page_type="insights.InsightPage"), "InsightPageTeaser"),
    ]:
        assert of_block(block, "Test", components) == {
            "anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"type": "null"}]
        }
    several = blocks.PageChooserBlock(
        page_type=["insights.InsightPage", "programmes.ProgrammePage"]
    )
    assert len(of_block(several, "Test", components)["anyOf"]) == 3


def test_a_stream_that_is_given_more_blocks_has_a_name_of_its_own() -> None:
    class Body(blocks.StreamBlock):
        text = blocks.CharBlock()

    components = object_types.components()
    more = Body([("number", blocks.IntegerBlock())])
    assert of_block(Body(), "APage", components)["items"]["$ref"].endswith("/Body")
    assert of_block(more, "BPage", components)["items"]["$ref"].endswith("/BPage")
    assert set(components.registry.build({})["schemas"]) == {
        "Body",
        "BodyText",
        "BPage",
        "BPageText",
        "BPageNumber",
    }


def test_two_types_cannot_have_one_name() -> None:
    components = object_types.components()
    components.named("Thing", STRING)
    assert components.named("Thing", STRING) == {"$ref": "#/components/schemas/Thing"}
    with pytest.raises(Untyped, match="two different types with the name Thing"):
        components.named("Thing", json_schema.INTEGER)


def test_a_model_whose_name_is_taken_has_its_apps_before_it() -> None:
    assert name_of(ProgrammePage) == "ProgrammePage"
    assert name_of(Page) == "WagtailcorePage"


class Point(TypedDict):
    x: int
    label: NotRequired[str | None]


ANNOTATIONS: list[tuple[Any, list[Any], Any]] = [
    (str, ["text", gettext_lazy("text")], 1),
    (int, [1], "1"),
    (float, [1.5, 1], "1"),
    (bool, [True], 1),
    (None, [None], 1),
    (datetime.date, [datetime.date(2024, 5, 1)], "1 May"),
    (datetime.datetime, [datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC)], "1 May"),
    (datetime.time, [datetime.time(8, 30)], 8),
    (decimal.Decimal, [decimal.Decimal("1.50")], 1.5),
    (uuid.UUID, [uuid.UUID(int=1)], "1"),
    (int | None, [1, None], "1"),
    (Literal["a", "b"], ["a", "b"], "c"),
    (Literal["a", "b"] | None, ["a", None], "c"),
    (list[int], [[], [1]], ["1"]),
    (Sequence[str | None], [["a", None]], [1]),
    (tuple[int, ...], [(1, 2)], ["1"]),
    (dict[str, int], [{"a": 1}], {"a": "1"}),
    (dict[str, decimal.Decimal], [{"a": decimal.Decimal("1.50")}], {"a": 1.5}),
    (Point, [{"x": 1}, {"x": 1, "label": None}], {"label": "a"}),
    (list[Point], [[{"x": 1}]], [{"x": 1, "y": 2}]),
]


@pytest.mark.parametrize(("annotation", "values", "other"), ANNOTATIONS)
def test_an_annotation_gives_the_type_of_its_values(
    annotation: Any, values: list[Any], other: Any
) -> None:
    schema = annotated(annotation, lambda model: STRING)
    for value in values:
        assert fits(schema, to_json(value, Level.TEASER)), schema
    assert not fits(schema, other)


@pytest.mark.parametrize("annotation", [Any, list, dict, list[Any], dict[int, str], object, "str"])
def test_an_annotation_that_says_too_little_is_none(annotation: Any) -> None:
    with pytest.raises(Untyped):
        annotated(annotation, lambda model: STRING)


class Upper(serializers.CharField):
    """A field that gives something else than what it builds on."""

    def to_representation(self, value: Any) -> list[str]:
        return [value.upper()]


class PointSerializer(serializers.Serializer):
    x = serializers.IntegerField()
    name = serializers.CharField()


SERIALIZERS: list[tuple[Any, Any]] = [
    (serializers.CharField(), "text"),
    (serializers.IntegerField(), 1),
    (serializers.BooleanField(), True),
    (serializers.FloatField(), 1.5),
    (serializers.DateField(), datetime.date(2024, 5, 1)),
    (serializers.ChoiceField(choices=["a", "b"]), "a"),
    (serializers.ListField(child=serializers.IntegerField()), [1, 2]),
    (Upper(), "text"),
    (PointSerializer(), {"x": 1, "name": "a"}),
    (PointSerializer(many=True), [{"x": 1, "name": "a"}]),
]


@pytest.mark.parametrize(("field", "value"), SERIALIZERS)
def test_a_serializer_field_has_the_type_of_what_it_gives(field: Any, value: Any) -> None:
    schema = serializer_fields.of_serializer(field, EventPage, object_types.components())
    assert fits(schema, field.to_representation(value)), schema
    assert fits(schema, None)
    assert not fits(schema, {"something": "else"})


def test_wagtails_own_field_for_renditions_is_typed() -> None:
    field = ImageRenditionField("max-4x4")
    schema = serializer_fields.of_serializer(field, EventPage, object_types.components())
    rendition = {"url": "/a.jpg", "full_url": "", "width": 1, "height": 1, "alt": ""}
    assert fits(schema, rendition)
    assert not fits(schema, {**rendition, "width": "1"})
    assert fits(schema, {"error": "SourceImageIOError"})


@pytest.mark.parametrize("field", [serializers.JSONField(), serializers.ReadOnlyField()])
def test_a_serializer_field_that_may_give_anything_has_no_type(field: Any) -> None:
    with pytest.raises(Untyped):
        serializer_fields.of_serializer(field, EventPage, object_types.components())


COLUMNS: list[tuple[models.Field, list[Any]]] = [
    (models.CharField(max_length=5), ["a", ""]),
    (models.CharField(max_length=5, choices=[("a", "A")]), ["a", ""]),
    (models.CharField(max_length=5, choices=[("a", "A")], null=True), ["a", "", None]),
    (models.IntegerField(choices=[(1, "One"), (2, "Two")]), [1, 2]),
    (models.PositiveIntegerField(), [0, 5]),
    (models.IntegerField(null=True), [-1, None]),
    (models.BooleanField(), [True]),
    (models.FloatField(), [1.5]),
    (models.DecimalField(max_digits=5, decimal_places=2), [decimal.Decimal("1.50")]),
    (models.DateField(), [datetime.date(2024, 5, 1)]),
    (models.DateTimeField(null=True), [datetime.datetime(2024, 5, 1, tzinfo=datetime.UTC), None]),
    (models.TimeField(), [datetime.time(8, 30)]),
    (models.DurationField(), [datetime.timedelta(hours=1)]),
    (models.UUIDField(), [uuid.UUID(int=1)]),
    (models.EmailField(), ["a@example.org"]),
    (models.GenericIPAddressField(), ["127.0.0.1"]),
]


@pytest.mark.parametrize(("field", "values"), COLUMNS)
def test_a_column_has_the_type_of_what_it_holds(field: Any, values: list[Any]) -> None:
    schema = fields.of_column(field)
    for value in values:
        assert fits(schema, to_json(value, Level.TEASER)), schema
    assert not fits(schema, ["something else"])


def test_a_column_of_bytes_has_no_type() -> None:
    with pytest.raises(Untyped):
        fields.of_column(models.BinaryField())


def test_a_column_of_json_is_any_json_and_one_of_several_values_a_list() -> None:
    assert fields.of_column(models.JSONField()) == ANY
    several = ArrayField(models.IntegerField(), null=True)
    assert fits(fields.of_column(several), [1, 2])
    assert fits(fields.of_column(several), None)
    assert not fits(fields.of_column(several), ["a"])


def test_the_display_of_a_choice_is_a_text() -> None:
    components = object_types.components()
    field = APIField("get_kind_display")
    assert fields.of_field(Change, field, Level.DETAIL, components) == STRING
    with pytest.raises(Untyped):
        fields.of_field(Change, APIField("get_nothing_display"), Level.DETAIL, components)


def test_what_a_property_gives_is_nested_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    def newest(self: Any) -> InsightPage | None:
        return None

    def pictures(self: Any) -> list[CmsImage]:
        return []

    def everything(self: Any) -> Iterable[Theme]:
        return Theme.objects.all()

    expected = {
        newest: {"anyOf": [{"$ref": "#/components/schemas/InsightPageTeaser"}, {"type": "null"}]},
        pictures: {"type": "array", "items": {"$ref": "#/components/schemas/Image"}},
        everything: {"type": "array", "items": {"$ref": "#/components/schemas/Theme"}},
    }
    for given, schema in expected.items():
        monkeypatch.setattr(EventPage, "given", property(given), raising=False)
        field = APIField("given")
        assert fields.of_field(EventPage, field, Level.DETAIL, object_types.components()) == schema


def test_an_object_that_names_others_has_a_type_a_level(monkeypatch: pytest.MonkeyPatch) -> None:
    components = object_types.components()
    assert components.of(Speaker, Level.TEASER)["$ref"].endswith("/Speaker")
    monkeypatch.setattr(Speaker, "api_fields", ["name", "event"])
    components = object_types.components()
    for level, name in [(Level.DETAIL, "Speaker"), (Level.TEASER, "SpeakerTeaser")]:
        assert components.of(Speaker, level)["$ref"].endswith(f"/{name}")
    shown = components.registry.build({})["schemas"]
    assert shown["Speaker"]["properties"]["event"]["anyOf"][0]["$ref"].endswith("/EventPageTeaser")
    assert shown["SpeakerTeaser"]["properties"]["event"]["anyOf"][0]["$ref"].endswith(
        "/EventPageLink"
    )
