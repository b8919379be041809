"""The system checks for the fields that a content app declares."""

from typing import Any

import pytest
from django.core.checks import run_checks
from rest_framework import serializers
from wagtail.api import APIField
from wagtail.search.index import RelatedFields, SearchField

from frontend_api.serialization.field_checks import check_api_fields, check_search_fields
from insights.models import InsightPage
from programmes.models import ProgrammePage
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
