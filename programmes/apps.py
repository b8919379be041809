"""The programmes app."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Programmes of a foundation."""

    name = "programmes"
