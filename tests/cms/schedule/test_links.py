"""A calendar of one's own reads the schedule by a private link, until that is ended."""

from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from cms.schedule.models import SALT, CalendarLink
from tests import factories
from tests.cms.admin import edit_url, log_in

from .scheduled import ahead, schedule, shown

pytestmark = pytest.mark.django_db


def link(client: Client, do: str = "make") -> str:
    """Press a button, and return the link that is shown."""
    response = client.post(reverse("schedule:link"), {"do": do})
    assert response["Location"] == "/admin/schedule/#calendar"
    field = shown(client).find(id="calendar-address")
    return str(field["value"]) if field else ""


def read(address: str) -> Any:
    """Read a calendar as a program does that is not logged in."""
    return Client().get(address)


def test_a_calendar_has_what_its_user_may_see(editor: Client) -> None:
    at = ahead(days=1).replace(microsecond=0)
    insight = factories.InsightPageFactory(live=False, title="Draft, with; signs\nand lines")
    page = factories.ProgrammePageFactory(live=False, title="New", insights=[insight])
    schedule(page, at)
    factories.SponsorFactory(expire_at=ahead(days=1))
    address = link(editor)
    response = read(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    [event] = Calendar.from_ical(response.content).events
    assert (str(event["SUMMARY"]), event.start) == ("Goes live: New", at)
    assert "which is not live then" in event["DESCRIPTION"]
    assert event["URL"] == f"http://testserver{edit_url(page)}"
    uid = event["UID"]
    later = ahead(days=2).replace(microsecond=0)
    page.revisions.update(approved_go_live_at=later)
    [event] = Calendar.from_ical(read(address).content).events
    assert (event["UID"], event.start) == (uid, later)


def test_a_link_is_shown_again_and_ends(editor: Client) -> None:
    first = link(editor)
    assert shown(editor).find(id="calendar-address")["value"] == first
    second = link(editor)
    assert second != first
    assert [read(one).status_code for one in (first, second)] == [404, 200]
    assert link(editor, "end") == ""
    assert read(second).status_code == 404


@pytest.mark.parametrize("lost", ["active", "group"])
def test_a_link_is_worth_no_more_than_its_user(client: Client, lost: str) -> None:
    user = log_in(client, "Editors")
    address = link(client)
    if lost == "active":
        user.is_active = False
        user.save()
    else:
        user.groups.clear()
    assert read(address).status_code == 404


def test_a_deleted_user_leaves_no_link(client: Client) -> None:
    user = log_in(client, "Editors")
    address = link(client)
    user.delete()
    assert read(address).status_code == 404
    assert not CalendarLink.objects.exists()


@pytest.mark.parametrize("value", [["1"], 1, None, {"a": 1}, [1, ["x"]], ["x", "y"], [1, None]])
def test_what_is_no_link_leads_nowhere(value: object) -> None:
    for token in (signing.Signer(salt=SALT).sign_object(value), signing.dumps(value), "x", "a:b:c"):
        assert read(reverse("schedule_calendar", args=[token])).status_code == 404


def test_only_reading_is_allowed(editor: Client) -> None:
    assert Client().post(link(editor)).status_code == 405
    assert editor.get(reverse("schedule:link")).status_code == 405
