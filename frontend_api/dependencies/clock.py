"""The current date and year, for content that depends on them.

A response that asks for one is not cached beyond the end of the day or year. A property of a content type that gets
the date from elsewhere is shown stale.
"""

import datetime

from django.utils import timezone

from frontend_api.changes.tags import DAY, YEAR

from .tracker import current


def today() -> datetime.date:
    """Return today's date in the site's time zone."""
    day = timezone.localdate()
    _holds_until(day + datetime.timedelta(days=1), DAY)
    return day


def this_year() -> int:
    """Return the current year in the site's time zone."""
    year = timezone.localdate().year
    _holds_until(datetime.date(year + 1, 1, 1), YEAR)
    return year


def _holds_until(day: datetime.date, tag: str) -> None:
    dependencies = current()
    if dependencies is not None:
        midnight = datetime.datetime.combine(day, datetime.time())
        dependencies.holds_until(timezone.make_aware(midnight))
        # For copies, which are told when the day or the year is another.
        dependencies.tags.add(tag)
