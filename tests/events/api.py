"""`events/`: the collection of events."""

import django_filters

from frontend_api.endpoints.collections import CollectionViewSet, register
from frontend_api.endpoints.filters import CollectionFilterSet, SlugsFilter

from .models import EventPage, MeetingPage


class EventFilterSet(CollectionFilterSet):
    """`city`."""

    city = django_filters.CharFilter(field_name="city")


class EventsViewSet(CollectionViewSet):
    """Events, the next one first."""

    model = EventPage
    filterset_class = EventFilterSet
    order_fields = ("starts_on", "title")
    default_order = ("starts_on",)


class MeetingFilterSet(CollectionFilterSet):
    """`supporter`, by name."""

    supporter = SlugsFilter(field_name="supporters__name")


class MeetingsViewSet(CollectionViewSet):
    """Meetings, the newest one first."""

    model = MeetingPage
    filterset_class = MeetingFilterSet
    order_fields = ("first_published_at", "place")
    default_order = ("-first_published_at",)


register("events", EventsViewSet)
register("meetings", MeetingsViewSet)
