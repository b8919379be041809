"""The configuration of the app that says how the service is."""

from django.apps import AppConfig

from . import error_reports, tracing


class OperationsConfig(AppConfig):
    """Probes, metrics, logs, and what an administrator can do."""

    name = "cms.operations"
    label = "operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Begin to report errors and traces, where the environment says where to."""
        error_reports.start()
        tracing.start()
