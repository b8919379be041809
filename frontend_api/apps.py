"""Start-up of the delivery API."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FrontendApiConfig(AppConfig):
    """Finds the `api.py` of every installed app and connects the API's own checks and signal handlers."""

    name = "frontend_api"

    def ready(self) -> None:
        from . import aliases, checks, cors, image_checks, rendition_signals  # noqa: F401
        from .caching import attributes
        from .caching import checks as caching_checks  # noqa: F401
        from .changes import capture, migrated  # noqa: F401
        from .purging import checks as purging_checks  # noqa: F401
        from .purging import tasks  # noqa: F401

        attributes.listen()
        autodiscover_modules("api")
