"""The configuration of the app that moves content between databases."""

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """Backups of everything, and one site from an environment to another."""

    name = "cms.transfer"
    label = "transfer"
    verbose_name = "Transfer"

    def ready(self) -> None:
        """Keep identities out of the change log: the public sees none of them."""
        # These need models, which are not there before the end of Django's start-up.
        from frontend_api.changes.logged_models import log_only_if

        from .models import Identity

        log_only_if(Identity, lambda instance: False)
