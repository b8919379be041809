"""The system check that everything which a content app declares has a type."""

from functools import cached_property
from typing import Any, Literal

import django_filters
import pytest
from django.test import Client
from wagtail import blocks
from wagtail.api import APIField

from frontend_api.openapi.checks import check_types
from frontend_api.openapi.document import as_json
from frontend_api.serialization.fields import RepresentedField
from frontend_api.serialization.json_schema import ANY
from tests.events.api import EventsViewSet
from tests.events.models import EventPage


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
    assert number == "frontend_api.W004"
    assert text.startswith("EventPage.mystery: its annotation" if method is not unannotated else "")


@pytest.mark.parametrize("method", [known, property(known), cached_property(known)])
def test_a_property_or_method_with_a_type_is_right(
    monkeypatch: pytest.MonkeyPatch, method: Any
) -> None:
    assert type_ids(monkeypatch, "letter", method) == []


def test_a_field_of_its_own_form_without_a_type_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = APIField("open_ended", serializer=OpenEnded())
    [(number, text)] = type_ids(monkeypatch, "open_ended", None, declared)
    assert number == "frontend_api.W004"
    assert text.startswith("EventPage.open_ended: OpenEnded has no json_schema")


def test_a_block_without_a_type_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    field = EventPage._meta.get_field("body")
    block = blocks.StreamBlock([("row", blocks.ListBlock(Unannotated()))])
    monkeypatch.setattr(field, "stream_block", block)
    [message] = check_types(None)
    assert message.id == "frontend_api.W004"
    assert message.msg.startswith("EventPage.body: block 'row': it has no return annotation"), (
        message.msg
    )


def test_a_filter_without_a_type_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    filterset = EventsViewSet.filterset_class
    monkeypatch.setitem(filterset.base_filters, "file", django_filters.Filter(field_name="city"))
    [message] = check_types(None)
    assert message.id == "frontend_api.W005"
    assert "filter 'file'" in message.msg


@pytest.mark.django_db
def test_what_has_no_type_is_any_json_and_the_description_is_there(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is not typed in the code of others."""
    body = EventPage._meta.get_field("body")
    inner = blocks.StructBlock([("odd", Unannotated()), ("text", blocks.CharBlock())])
    monkeypatch.setattr(body, "stream_block", blocks.StreamBlock([("row", inner)]))
    own = [*EventPage.api_fields, "mystery", APIField("open_ended", serializer=OpenEnded())]
    monkeypatch.setattr(EventPage, "mystery", property(unannotated), raising=False)
    monkeypatch.setattr(EventPage, "open_ended", None, raising=False)
    monkeypatch.setattr(EventPage, "api_fields", own)
    filters = EventsViewSet.filterset_class.base_filters
    monkeypatch.setitem(filters, "file", django_filters.Filter(field_name="city"))
    as_json.cache_clear()
    try:
        response = client.get("/api/v2/schema/")
    finally:
        as_json.cache_clear()
    assert response.status_code == 200
    described = response.json()
    event = described["components"]["schemas"]["EventPage"]["properties"]
    assert event["mystery"] == event["open_ended"] == ANY
    row = described["components"]["schemas"]["EventPageBodyRow"]["properties"]["value"]
    assert row["properties"] == {"odd": ANY, "text": {"type": "string"}}
    parameters = described["paths"]["/api/v2/events"]["get"]["parameters"]
    [file] = [one for one in parameters if one["name"] == "file"]
    assert file["schema"] == {"type": "string", "minLength": 1, "maxLength": 2_000}
