"""The configuration of the app that says how the service is."""

from django.apps import AppConfig

from . import error_reports, tracing


class OperationsConfig(AppConfig):
    """Probes, metrics, logs, and what an administrator can do."""

    name = "cms.operations"
    label = "operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Begin to report errors and traces, where the environment says where to, and note where tasks come from."""
        # It needs models, which are not there before the end of Django's start-up.
        from . import tasks  # noqa: F401

        error_reports.start()
        tracing.start()
