"""What is scheduled, for tests of how it is shown."""

from datetime import datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from tests.cms.admin import soup


def ahead(**time: float) -> datetime:
    return timezone.now() + timedelta(**time)


def schedule(page: Page, at: datetime, user: Any = None, expire_at: datetime | None = None) -> Any:
    """Have a page published at a time, as somebody who saves it, and return it."""
    page.go_live_at, page.expire_at = at, expire_at
    page.save_revision(user=user, approved_go_live_at=at)
    return page


def shown(client: Client, way: str = "list", **asked: Any) -> BeautifulSoup:
    return soup(client.get(reverse(f"schedule:{way}"), asked))


def rows(client: Client, way: str = "list", **asked: Any) -> list[tuple[str, str]]:
    """Return what happens with which page, in order."""
    found = shown(client, way, **asked).select(".schedule-list tbody tr")
    return [
        (
            row.select_one(".schedule-act").get_text(),
            row.select_one(".title-wrapper").get_text(strip=True),
        )
        for row in found
    ]


def notes(client: Client, way: str = "list", **asked: Any) -> list[str]:
    """Return what is said of what does not fit, or failed."""
    page = shown(client, way, **asked)
    return [one.get_text(" ", strip=True) for one in page.select(".schedule-notes li")]
