"""The system checks for what a content app declares."""

from typing import Any

import pytest
from django.core.checks import run_checks

from frontend_api.checks import check_api_fields
from frontend_api.registry import register
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
