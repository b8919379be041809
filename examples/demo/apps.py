"""The demo app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Fills an empty database with a foundation's website."""

    name = "examples.demo"
    label = "demo"
