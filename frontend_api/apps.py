"""Start-up of the delivery API."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FrontendApiConfig(AppConfig):
    """Finds the `api.py` of every installed app and connects the API's own checks and signal handlers."""

    name = "frontend_api"

    def ready(self) -> None:
        from frontend_api.caching.cdn import checks as purging_checks  # noqa: F401
        from frontend_api.caching.cdn import tasks  # noqa: F401
        from frontend_api.caching.responses import cors  # noqa: F401

        from .caching import checks as caching_checks  # noqa: F401
        from .changes import capture, migrated  # noqa: F401
        from .dependencies import attributes
        from .images import receivers  # noqa: F401
        from .openapi import checks  # noqa: F401
        from .previews import checks as preview_checks  # noqa: F401
        from .serialization import field_checks, image_checks, pictures  # noqa: F401
        from .visibility import aliases  # noqa: F401

        attributes.listen()
        autodiscover_modules("api")
