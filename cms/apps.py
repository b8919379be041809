"""The app of the Django project, which holds what all content shares."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Home, content pages, themes, media, accounts and site settings."""

    name = "cms"
    verbose_name = "Content"

    def ready(self) -> None:
        """Connect the signal handlers, and have mail sent later."""
        from . import mail, search_index  # noqa: F401

        mail.stand_before_configured_backend()
