"""The configuration of the app that shows what is scheduled."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    """What goes live and what ends."""

    name = "cms.schedule"
    label = "schedule"
    verbose_name = "Schedule"

    def ready(self) -> None:
        """Listen to what fails, and keep links to calendars out of the change log: the public sees none of them."""
        # These need models, which are not there before the end of Django's start-up.
        from frontend_api.changes.logged_models import log_only_if

        from . import telling  # noqa: F401
        from .models import CalendarLink

        log_only_if(CalendarLink, lambda instance: False)
