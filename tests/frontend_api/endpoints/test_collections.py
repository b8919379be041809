"""What content apps add to the API: collections, and filters of those of others."""

import django_filters
import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.models import Theme
from frontend_api.endpoints.collections import CollectionViewSet, register
from frontend_api.endpoints.filters import CollectionFilterSet
from insights.api import InsightsViewSet
from tests.events.api import EventsViewSet
from tests.events.models import EventPage


@pytest.mark.parametrize("name", ["pages", "site", "preview", "programmes"])
def test_an_address_is_given_once(name: str) -> None:
    class Other(CollectionViewSet):
        model = EventPage

    with pytest.raises(ImproperlyConfigured, match="answers at"):
        register(name, Other)


def test_a_collection_is_of_pages_alone() -> None:
    class Themes(CollectionViewSet):
        model = Theme  # type: ignore[assignment]

    with pytest.raises(ImproperlyConfigured, match="Theme, which is no page type"):
        register("themes", Themes)


def test_a_filter_is_added_once() -> None:
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
