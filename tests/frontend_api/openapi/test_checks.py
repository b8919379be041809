"""The system check that everything which a content app declares has a type."""

from functools import cached_property
from typing import Any, Literal

import django_filters
import pytest
from wagtail import blocks
from wagtail.api import APIField

from frontend_api.openapi.checks import check_types
from frontend_api.serialization.fields import RepresentedField
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
