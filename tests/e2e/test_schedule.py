"""What is scheduled: published once by workers that are killed in the middle of it, and seen in a real browser."""

import random
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Page, PageLogEntry, Revision

from cms.background.models import JobRun
from frontend_api.changes.models import Change, ChangeLog
from frontend_api.scheduling.models import ScheduleFailure
from tests.frontend_api.scheduling.pages import EXPIRED, PUBLISHED, scheduled
from tests.frontend_api.scheduling.pages import done as times_done

from .asking import Place
from .conftest import Installation, LogIn
from .servers import end
from .test_workers import (  # noqa: F401
    a_minute_passes,
    queue,
    wait_until,
    workers,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page as Window

pytestmark = pytest.mark.long

PAGES = 24
KILLS = 2


def test_workers_that_are_killed_while_they_publish_lose_nothing_and_do_nothing_twice(
    workers: Any,  # noqa: F811
    place: Place,
) -> None:
    chance = random.Random(time.time_ns())
    soon = timezone.now() + timedelta(seconds=1)
    pages = [scheduled(f"Page {number}", soon) for number in range(PAGES)]
    over = [*place.pages][:2]
    Page.objects.filter(pk__in=over).update(expire_at=soon)

    def left() -> int:
        return Revision.objects.filter(approved_go_live_at__isnull=False).count()

    before = Change.objects.latest("version").version
    for _ in range(KILLS):
        running = [workers(), workers()]
        some = left()
        wait_until(lambda some=some: left() < some or not left())
        time.sleep(chance.uniform(0, 0.3))
        for process in running:
            end(process, signal.SIGKILL)
        a_minute_passes()
    workers()
    wait_until(lambda: not left() and not Page.objects.filter(pk__in=over, live=True).exists())
    assert [times_done(page) for page in pages] == [1] * PAGES
    entries = PageLogEntry.objects.filter(action__in=(PUBLISHED, EXPIRED))
    assert entries.count() == PAGES + len(over)
    changes = Change.objects.filter(version__gt=before)
    for kind, keys in (("published", [page.pk for page in pages]), ("unpublished", over)):
        found = changes.filter(kind=kind).values_list("object_id", flat=True)
        assert sorted(found) == sorted(map(str, keys))
    versions = list(changes.order_by("version").values_list("version", flat=True))
    assert versions == list(range(before + 1, ChangeLog.objects.get().version + 1))
    assert not ScheduleFailure.objects.exists()


def test_a_page_goes_live_within_five_seconds_of_its_time(workers: Any) -> None:  # noqa: F811
    workers()
    wait_until(lambda: JobRun.objects.filter(name="publish", done_at__isnull=False).exists())
    at = timezone.now() + timedelta(seconds=3)
    page = scheduled("On time", at)
    wait_until(lambda: bool(times_done(page)))
    late = PageLogEntry.objects.get(page=page.pk, action=PUBLISHED).timestamp - at
    assert timedelta(0) <= late < timedelta(seconds=5)


DRAFT = "[data-bulk-action-checkbox][data-page-status=draft]"


def schedule_a_draft(window: "Window", cms: str, at: str, until: str) -> str:
    """Have a draft of the demo go live and end, as a moderator does, and return its title."""
    window.goto(f"{cms}/admin/insights/")
    row = window.locator("table.listing tbody tr").filter(has=window.locator(DRAFT)).first
    title = row.locator(".title-wrapper a").first
    name = title.inner_text().strip()
    title.click()
    window.get_by_role("button", name="Toggle status").click()
    window.get_by_role("button", name="Set schedule").first.click()
    dialog = window.locator("#schedule-publishing-dialog")
    dialog.get_by_label("Go live date/time").fill(at)
    dialog.get_by_label("Expiry date/time").fill(until)
    # The calendar of the field covers the button until the field is left.
    dialog.get_by_role("button", name="Save schedule").press("Enter")
    window.wait_for_load_state()
    window.get_by_role("button", name="More actions").click()
    window.get_by_role("button", name="Schedule to publish").click()
    window.wait_for_url(f"{cms}/admin/insights/")
    return name


def test_an_editor_sees_what_goes_live_and_takes_it_along(
    installation: Installation, log_in: LogIn, screenshots: Path
) -> None:
    window = log_in("moderator")
    title = schedule_a_draft(window, installation.cms, "2090-05-17 09:00", "2090-05-30 18:00")
    window.goto(f"{installation.cms}/admin/schedule/")
    assert window.locator(".schedule-list").get_by_role("link", name=title).count() == 2
    window.screenshot(path=screenshots / "schedule.png")
    ways = window.get_by_role("navigation", name="Ways to look at the schedule")
    ways.get_by_role("link", name="Month").click()
    window.get_by_role("link", name="Month after").click()
    window.wait_for_url("**/schedule/month/?month=*")
    window.goto(f"{installation.cms}/admin/schedule/month/?month=2090-05")
    assert window.locator(".schedule-month").get_by_role("link", name=title).count() == 2
    window.screenshot(path=screenshots / "schedule-month.png", full_page=True)
    window.set_viewport_size({"width": 390, "height": 800})
    assert window.evaluate("document.documentElement.scrollWidth") <= 390
    window.screenshot(path=screenshots / "schedule-phone.png", full_page=True)
    window.get_by_role("button", name="Make a link").click()
    address = window.get_by_label("Your link").input_value()
    with urlopen(address, timeout=10) as answer:
        events = Calendar.from_ical(answer.read()).events
    assert {str(one["SUMMARY"]) for one in events} == {f"Goes live: {title}", f"Ends: {title}"}
    window.get_by_role("button", name="End the link").click()
    window.get_by_text("leads nowhere any more").first.wait_for()
