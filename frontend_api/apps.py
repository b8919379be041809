"""The app configuration of the delivery API."""

from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules


class FrontendApiConfig(AppConfig):
    """Connects the API's own checks and signal handlers, and imports the `api.py` of every installed app."""

    name = "frontend_api"
    # Whatever the project's own is: no `makemigrations` of a project writes into this package.
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These need models, which are not there before the end of Django's start-up; most register themselves.
        from .caching import checks as caching_checks  # noqa: F401
        from .caching.cdn import checks as cdn_checks  # noqa: F401
        from .caching.cdn import tasks  # noqa: F401
        from .caching.responses import cors  # noqa: F401
        from .changes import capture, migrated  # noqa: F401
        from .changes import checks as change_checks  # noqa: F401
        from .changes import erasure as change_erasure  # noqa: F401
        from .dependencies import attributes
        from .endpoints import checks as settings_checks  # noqa: F401
        from .endpoints.collections import register_configured
        from .endpoints.discovery import checks as discovery_checks  # noqa: F401
        from .feed import following  # noqa: F401
        from .images import receivers  # noqa: F401
        from .openapi import checks  # noqa: F401
        from .previews import checks as preview_checks  # noqa: F401
        from .previews import erasure as preview_erasure  # noqa: F401
        from .search import indexing  # noqa: F401
        from .serialization import field_checks, image_checks, pictures  # noqa: F401
        from .serialization.seo import checks as seo_checks  # noqa: F401
        from .visibility import aliases  # noqa: F401
        from .webhooks import checks as webhook_checks  # noqa: F401
        from .webhooks import tasks as webhook_tasks  # noqa: F401

        if apps.is_installed("wagtail.contrib.redirects"):
            from .redirects import installed  # noqa: F401

        attributes.install()
        image_checks.note_named_specs()
        autodiscover_modules("api")
        register_configured()
