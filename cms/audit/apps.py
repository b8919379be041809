"""The configuration of the app that keeps the audit log."""

from django.apps import AppConfig, apps


class AuditConfig(AppConfig):
    """Who signed in, and who did what with accounts, rights and data."""

    name = "cms.audit"
    label = "audit"
    verbose_name = "Audit log"

    def ready(self) -> None:
        """Listen to what is recorded, and keep it out of the change log: the public sees none of it."""
        # These need models, which are not there before the end of Django's start-up.
        from frontend_api.changes.logged_models import log_only_if

        from . import listeners  # noqa: F401
        from .models import AuditEntry

        if apps.is_installed("allauth.mfa"):
            from . import second_factors  # noqa: F401
        log_only_if(AuditEntry, lambda instance: False)
