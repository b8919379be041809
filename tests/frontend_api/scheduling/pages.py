"""Pages with a schedule, and what became of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published

from insights.models import InsightPage
from tests import factories

PUBLISHED, EXPIRED = "wagtail.publish.scheduled", "wagtail.unpublish.scheduled"


def ago(**time: float) -> datetime:
    return timezone.now() - timedelta(**time)


def scheduled(title: str, at: datetime, **fields: Any) -> InsightPage:
    """Return a draft that is to be published at a time, which may have passed."""
    page: InsightPage = factories.InsightPageFactory(live=False, title=title, **fields)
    page.save_revision(approved_go_live_at=at)
    return page


def done(page: Page, action: str = PUBLISHED) -> int:
    """Return how often the scheduler did something with a page."""
    count: int = PageLogEntry.objects.filter(page=page.pk, action=action).count()
    return count


@contextmanager
def refusing(*titles: str) -> Iterator[list[str]]:
    """Let pages with these titles fail while they are published; give the titles of all that were tried."""
    tried: list[str] = []

    def refuse(instance: Page, **kwargs: Any) -> None:
        tried.append(instance.title)
        if instance.title in titles:
            raise RuntimeError(f"{instance.title} cannot be published.")

    page_published.connect(refuse)
    try:
        yield tried
    finally:
        page_published.disconnect(refuse)
