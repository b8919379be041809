"""Editors see what goes live and what ends: what they may see of it, by type and person, now, then and before."""

import re
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from cms.schedule import conflicts, entries, views
from cms.schedule.entries import approaching
from frontend_api.changes.transaction import transaction
from frontend_api.scheduling.doing import do_due
from tests import factories
from tests.cms.admin import edit_url, soup
from tests.frontend_api.scheduling.pages import ago, refusing

from .scheduled import ahead, notes, rows, schedule, shown

pytestmark = pytest.mark.django_db


def test_the_list_has_what_goes_live_and_what_ends_in_order(editor: Client) -> None:
    schedule(
        factories.InsightPageFactory(live=False, title="New"), ahead(days=2), None, ahead(days=4)
    )
    factories.ProgrammePageFactory(title="Over", expire_at=ahead(days=1))
    factories.ProgrammePageFactory(title="Stays")
    factories.InsightPageFactory(live=False, title="Draft", expire_at=ahead(days=1))
    assert rows(editor) == [("Ends", "Over"), ("Goes live", "New"), ("Ends", "New")]
    link = shown(editor).find("a", string="New")
    assert link["href"] == edit_url(Page.objects.get(title="New"))


def test_an_end_that_a_new_version_moves_is_where_it_is_moved_to(editor: Client) -> None:
    page = factories.InsightPageFactory(title="Moved", expire_at=ahead(days=3))
    schedule(page, ahead(days=1), None, ahead(days=5))
    ends = [entry.at for entry in approaching().entries if entry.act == "expire"]
    assert len(ends) == 1
    assert ends[0] > ahead(days=4)


def test_it_is_filtered_by_type_and_person(administrator: Client) -> None:
    ada, bob = (factories.UserFactory(first_name=name, last_name="") for name in ("Ada", "Bob"))
    schedule(factories.InsightPageFactory(live=False, title="A"), ahead(days=1), ada)
    schedule(factories.ProgrammePageFactory(live=False, title="B"), ahead(days=2), bob)
    page = shown(administrator)
    assert [one.get_text() for one in page.select("#id_type option")] == [
        "All types", "insight", "programme",
    ]  # fmt: skip
    assert [one.get_text() for one in page.select("#id_person option")] == [
        "Everybody", "Ada", "Bob",
    ]  # fmt: skip
    assert rows(administrator, type="insights.insightpage") == [("Goes live", "A")]
    assert rows(administrator, person=bob.pk) == [("Goes live", "B")]
    assert rows(administrator, type="insights.insightpage", person=bob.pk) == []


@pytest.mark.parametrize(
    ("way", "asked", "said"),
    [
        ("list", {"type": "no.such"}, "no.such"),
        ("list", {"type": "\0"}, "Select a valid choice"),
        ("list", {"person": "0' OR 1"}, "0' OR 1"),
        ("list", {"person": "9" * 30}, "9" * 30),
        ("month", {"month": "2027-13"}, "“2027-13” is no month, such as 2027-05."),
        ("month", {"month": "0001-01"}, "“0001-01” is no month"),
        ("month", {"month": "٢٠٢٧-٠١"}, "is no month"),
    ],
)
def test_what_cannot_be_asked_for_is_said(
    administrator: Client, way: str, asked: dict[str, str], said: str
) -> None:
    response = administrator.get(reverse(f"schedule:{way}"), asked)
    assert response.status_code == 400
    assert said in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("page", ["0", "x", "99999"])
def test_a_page_of_the_list_that_is_not_there_is_the_nearest(editor: Client, page: str) -> None:
    schedule(factories.InsightPageFactory(live=False, title="A"), ahead(days=1))
    assert rows(editor, p=page) == [("Goes live", "A")]


def test_the_past_has_what_was_done(administrator: Client) -> None:
    ada = factories.UserFactory(first_name="Ada", last_name="")
    schedule(factories.InsightPageFactory(live=False, title="New"), ago(minutes=1), ada)
    factories.ProgrammePageFactory(title="Over", expire_at=ago(minutes=1))
    sponsor = factories.SponsorFactory(name="A sponsor", expire_at=ago(minutes=2))
    call_command("publish_scheduled", stdout=StringIO())
    assert rows(administrator) == []
    assert sorted(rows(administrator, "past")) == [
        ("Ended", str(sponsor)), ("Ended", "Over"), ("Went live", "New"),
    ]  # fmt: skip
    assert rows(administrator, "past", person=ada.pk) == [("Went live", "New")]
    assert "New" in shown(administrator, "month").select_one(".schedule-month").get_text()
    Page.objects.get(title="New").delete()
    assert ("Went live", "New") not in rows(administrator, "past")


def test_what_failed_and_what_is_late_is_said(editor: Client) -> None:
    page = schedule(factories.InsightPageFactory(live=False, title="bad"), ago(minutes=2))
    assert notes(editor) == ["It is late: nobody has done it yet."]
    with refusing("bad"):
        do_due()
    [said] = notes(editor)
    assert said.startswith("It was to go live")
    assert "RuntimeError: bad cannot be published. It is tried again" in said
    form = soup(editor.get(edit_url(page))).get_text(" ", strip=True)
    assert "bad cannot be published. It is tried again" in form
    do_due(rest=False)
    assert notes(editor) == []
    assert "It is tried again" not in soup(editor.get(edit_url(page))).get_text()


def test_a_month_has_its_days_and_those_of_the_weeks_around(editor: Client) -> None:
    at = timezone.make_aware(datetime(2090, 5, 17, 10, 30))
    schedule(factories.InsightPageFactory(live=False, title="In May"), at)
    schedule(factories.InsightPageFactory(live=False, title="In June"), at + timedelta(days=30))
    page = shown(editor, "month", month="2090-05")
    assert page.select_one(".schedule-month-head h2").get_text() == "May 2090"
    [cell] = [one for one in page.select(".schedule-month td") if one.select("li")]
    assert cell.find("time")["datetime"] == "2090-05-17"
    assert "10:30 Goes live In May" in " ".join(cell.get_text(" ").split())
    head = page.select(".schedule-month-head a")
    assert [re.search(r"month=(\S+)", one["href"])[1] for one in head] == ["2090-04", "2090-06"]
    assert len(page.select(".schedule-month tbody td")) % 7 == 0
    # The filters lead from one way to the other.
    page = shown(editor, "month", month="2090-05", type="insights.insightpage")
    assert page.select_one(".schedule-ways a")["href"].endswith("?type=insights.insightpage")
    assert "type=insights.insightpage" in page.select(".schedule-month-head a")[0]["href"]


def test_nobody_sees_what_they_may_do_nothing_with(client: Client) -> None:
    mine, other = factories.ContentPageFactory(title="Mine"), factories.ContentPageFactory()
    group = Group.objects.create(name="Section")
    group.permissions.add(
        *Group.objects.get(name="Editors").permissions.filter(codename="access_admin")
    )
    user = factories.UserFactory()
    user.groups.add(group)
    client.force_login(user)
    for way in ("list", "month", "past"):
        assert client.get(reverse(f"schedule:{way}")).status_code == 302
    assert client.post(reverse("schedule:link")).status_code == 302
    assert "Schedule" not in soup(client.get(reverse("wagtailadmin_home"))).get_text()
    permission = GroupPagePermission.objects.filter(permission__codename="change_page").first()
    GroupPagePermission.objects.create(group=group, page=mine, permission=permission.permission)
    for section, title in ((mine, "Seen"), (other, "Unseen")):
        page = factories.ContentPageFactory(parent=section, live=False, title=title)
        schedule(page, ahead(days=1))
    factories.SponsorFactory(expire_at=ahead(days=1))
    assert rows(client) == [("Goes live", "Seen")]


def make(number: int, user: Any) -> None:
    for one in range(number):
        insight = factories.InsightPageFactory(live=False, title=f"Insight {one}")
        programme = factories.ProgrammePageFactory(
            live=False, insights=[insight], image=factories.ImageFactory()
        )
        schedule(programme, ahead(days=1), user)
        schedule(insight, ahead(days=2), user)
        factories.InsightPageFactory(expire_at=ahead(days=1), owner=user)
        schedule(factories.InsightPageFactory(live=False, title="Done"), ago(seconds=1), user)
    do_due()


def test_fifty_take_as_many_queries_as_one(administrator: Client) -> None:
    user = factories.UserFactory()
    administrator.post(reverse("schedule:link"), {"do": "make"})
    addresses = [
        *(reverse(f"schedule:{way}") for way in ("list", "month", "past")),
        shown(administrator).find(id="calendar-address")["value"],
    ]
    counts = []
    for number in (1, 12):
        with transaction():
            make(number, user)
        counts.append({})
        for address in addresses:
            administrator.get(address)
            with CaptureQueriesContext(connection) as ran:
                assert administrator.get(address).status_code == 200
            counts[-1][address] = len(ran)
    assert counts[0] == counts[1]


def test_of_more_than_is_looked_at_the_next_is_shown_with_a_sentence(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MOST_AHEAD", 3)
    for day in (1, 2, 5, 6):
        schedule(
            factories.InsightPageFactory(live=False, title=f"New {day}"), ahead(days=day), None
        )
    assert "More is scheduled" in shown(administrator).get_text()
    assert [title for _, title in rows(administrator)] == ["New 1", "New 2", "New 5"]
    for day in (3, 4, 7, 8):
        factories.ProgrammePageFactory(title=f"Over {day}", expire_at=ahead(days=day))
    assert [title for _, title in rows(administrator)] == ["New 1", "New 2", "Over 3"]
    known = entries.approaching()
    assert known.until == known.entries[-1].at
    assert "More is scheduled" not in shown(administrator, "past").get_text()
    assert "More is scheduled" not in shown(administrator, "month", month="2020-01").get_text()
    assert "More is scheduled" in shown(administrator, "month", month="2100-01").get_text()


def test_what_a_new_version_moves_hides_nothing_that_comes_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entries, "MOST_AHEAD", 2)
    for number in range(3):
        page = factories.InsightPageFactory(title=f"Moved {number}", expire_at=ahead(days=2))
        schedule(page, ahead(days=1), None, ahead(days=30))
    factories.InsightPageFactory(title="Over", expire_at=ahead(days=3))
    found = approaching()
    assert [entry.act for entry in found.entries] == ["publish", "publish"]
    assert found.until is not None
    assert found.until < ahead(days=2)


def test_however_much_is_scheduled_only_what_is_shown_is_read(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    read = []

    def noted(entries: list[Any]) -> Any:
        read.append(len({entry.revision for entry in entries if entry.act == "publish"}))
        return read_all(entries)

    read_all = conflicts._shown_by
    monkeypatch.setattr(conflicts, "_shown_by", noted)
    for day in range(1, 6):
        schedule(factories.InsightPageFactory(live=False, title=f"New {day}"), ahead(days=day))
    assert len(rows(administrator)) == 2
    assert read == [2]
