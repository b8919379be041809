"""The date, for what is shown: a response that asks for it is not kept beyond the day or the year.

A property of a content type that takes today's date from here is never shown stale; one that takes it from elsewhere
is.
"""

import datetime

from django.utils import timezone

from .tracker import current


def today() -> datetime.date:
    """Return the date in the site's time zone."""
    day = timezone.localdate()
    _holds_until(day + datetime.timedelta(days=1))
    return day


def this_year() -> int:
    """Return the year in the site's time zone."""
    year = timezone.localdate().year
    _holds_until(datetime.date(year + 1, 1, 1))
    return year


def _holds_until(day: datetime.date) -> None:
    dependencies = current()
    if dependencies is not None:
        midnight = datetime.datetime.combine(day, datetime.time())
        dependencies.holds_until(timezone.make_aware(midnight))
