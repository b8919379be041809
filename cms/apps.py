"""The configuration of the project's own app, which holds what all content shares."""

from django.apps import AppConfig

from . import wagtail_mends  # noqa: F401


class CmsConfig(AppConfig):
    """Home, content pages, themes, media, accounts and site settings."""

    name = "cms"
    verbose_name = "Content"

    def ready(self) -> None:
        """Connect the signal handlers, and put `mail.Backend` in front of the configured mail backend."""
        # These need models, which are not there before the end of Django's start-up.
        from . import (  # noqa: F401
            exports,
            frontend_url,
            large_exports,
            mail,
            search_index,
            searched_text,
            usage,
        )
        from .accounts import erasure  # noqa: F401
        from .drafts import fields, schedule  # noqa: F401

        exports.write_no_formulas()
        large_exports.export_in_batches()
        usage.list_uses_in_pages()
        mail.stand_before_configured_backend()
