"""The events app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Events, which the rest of the project has never heard of."""

    name = "tests.events"
    label = "events"
