"""The insights app."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Insights of a foundation."""

    name = "insights"
