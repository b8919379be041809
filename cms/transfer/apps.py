"""The configuration of the app that moves content between databases."""

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """Backups of everything, and one site from an environment to another."""

    name = "cms.transfer"
    label = "transfer"
    verbose_name = "Transfer"
