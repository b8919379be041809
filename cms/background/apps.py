"""The configuration of the app that runs tasks."""

from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """Tasks in the database, and their workers."""

    name = "cms.background"
    label = "background"
    verbose_name = "Background tasks"

    def ready(self) -> None:
        """Keep what workers note down out of the change log: the public sees none of it."""
        # These need models, which are not there before the end of Django's start-up.
        from frontend_api.changes.logged_models import log_only_if

        from .models import JobRun, QueuedTask, TaskOrigin, WorkerSighting

        for model in (JobRun, QueuedTask, TaskOrigin, WorkerSighting):
            log_only_if(model, lambda instance: False)
