"""How late what is due is, so that somebody notices when nobody does it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from .due import due
from .models import ScheduleFailure


@dataclass(frozen=True)
class Lateness:
    """What is due and was not done yet, without what was tried and failed."""

    waiting: int
    longest: timedelta
    failing: int
    """How much was tried and failed."""

    @property
    def since(self) -> datetime:
        """Since when the oldest of it is due."""
        return timezone.now() - self.longest


def lateness() -> Lateness:
    """Return how much is due now, and for how long the oldest of it."""
    now = timezone.now()
    failing = {one.key for one in ScheduleFailure.objects.all()}
    items = [item for item in due(now) if item.key not in failing]
    longest = max((now - item.at for item in items), default=timedelta(0))
    return Lateness(len(items), longest, len(failing))
