"""Who publishes, submits or approves is told what is chosen and not published, and can publish it with it."""

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

from cms.models import HomePage
from frontend_api.changes.models import Change
from insights.models import InsightPage
from programmes.models import ProgrammePage
from tests import factories
from tests.cms.admin import (
    PUBLISH,
    SUBMIT,
    add_url,
    edit_url,
    form_data,
    programme_form,
    soup,
)
from tests.events.models import EventPage, MeetingPage, Sponsor

pytestmark = pytest.mark.django_db

TOLD = "3 chosen insights are not published"


def drafts(count: int = 3, **fields: Any) -> list[InsightPage]:
    """Return insights that are complete and were never published, and have a draft."""
    found = [factories.InsightPageFactory(live=False, **fields) for _ in range(count)]
    for insight in found:
        insight.save_revision()
    return found


def programme_with(*insights: Page, **fields: Any) -> dict[str, str]:
    """Return the form of a programme that chose insights."""
    chosen = [{"insight": str(insight.pk), "ORDER": str(n)} for n, insight in enumerate(insights)]
    return programme_form(related_insights=inline_formset(chosen), **fields)


def buttons(response: Any) -> list[str]:
    """Return what the step offers."""
    page = soup(response)
    found = page.select("main form button[type=submit], main form a.button")
    return [button.get_text(strip=True) for button in found]


def rows(response: Any) -> list[list[str]]:
    """Return title, kind and status of each line of the step."""
    lines = soup(response).select("main table tbody tr")
    return [
        [line.find("b").get_text(strip=True)]
        + [cell.get_text(" ", strip=True) for cell in line.find_all("td")[2:]]
        for line in lines
    ]


def press(browser: Client, response: Any, button: str, *, unticked: str = "") -> Any:
    """Press a button of the step, as a browser without any script does."""
    page: BeautifulSoup = soup(response)
    pressed = next(
        found for found in page.find_all("button") if found.get_text(strip=True) == button
    )
    form = (
        page.find("form", id=pressed["form"])
        if pressed.get("form")
        else pressed.find_parent("form")
    )
    data: dict[str, list[str]] = {}
    for field in form.find_all("input"):
        is_ticked = field.has_attr("checked") and field["value"] != unticked
        if is_ticked or field["type"] != "checkbox":
            data.setdefault(field["name"], []).append(field.get("value", ""))
    if pressed.get("name"):
        data[pressed["name"]] = [pressed["value"]]
    return browser.post(form["action"], data)


def is_live(*pages: Page) -> list[bool]:
    """Return which pages are published."""
    live = set(
        Page.objects.filter(pk__in=[page.pk for page in pages], live=True).values_list(
            "pk", flat=True
        )
    )
    return [page.pk in live for page in pages]


class TestForm:
    def test_publishing_asks_and_changes_nothing(self, moderator: Client) -> None:
        insights = drafts()
        before = Change.objects.count()
        form = programme_with(*insights) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        assert TOLD in soup(step).get_text()
        assert [row[1:] for row in rows(step)] == [["insight", "draft"]] * 3
        assert buttons(step) == ["Publish them too", "Publish without them", "Go back"]
        assert not ProgrammePage.objects.exists()
        assert Change.objects.count() == before
        # Nor does anything say that it was published, now or later.
        for response in (step, moderator.get(reverse("wagtailadmin_home"))):
            assert not soup(response).select(".messages li")

    def test_all_are_published_with_it(self, moderator: Client) -> None:
        insights = drafts()
        form = programme_with(*insights) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        response = press(moderator, step, "Publish them too")
        assert response.status_code == 302
        assert is_live(ProgrammePage.objects.get(), *insights) == [True] * 4

    def test_some_are_published_with_it(self, moderator: Client) -> None:
        insights = drafts()
        form = programme_with(*insights) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        left = soup(step).select("input[type=checkbox]")[1]["value"]
        assert press(moderator, step, "Publish them too", unticked=left).status_code == 302
        assert is_live(ProgrammePage.objects.get(), *insights) == [True, True, False, True]

    def test_it_is_published_without_them(self, moderator: Client) -> None:
        insights = drafts()
        form = programme_with(*insights) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        assert press(moderator, step, "Publish without them").status_code == 302
        assert is_live(ProgrammePage.objects.get(), *insights) == [True, False, False, False]

    def test_going_back_keeps_what_was_typed_as_a_draft(self, moderator: Client) -> None:
        insights = drafts()
        form = programme_with(*insights, summary="Typed a moment ago") | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        response = press(moderator, step, "Go back")
        programme = ProgrammePage.objects.get()
        assert response.headers["Location"].startswith(edit_url(programme))
        assert not programme.live
        draft = programme.get_latest_revision_as_object()
        assert draft.summary == "Typed a moment ago"
        assert draft.related_insights.count() == 3

    def test_an_incomplete_one_is_named_and_not_offered(self, moderator: Client) -> None:
        complete, incomplete = drafts(1)[0], factories.InsightPageFactory(live=False, body=[])
        form = programme_with(complete, incomplete) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        assert "Body: Write an article" in soup(step).get_text()
        assert len(soup(step).select("input[type=checkbox]")) == 1

    def test_one_that_has_become_incomplete_stops_all(self, moderator: Client) -> None:
        insights = drafts()
        form = programme_with(*insights) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        worse = insights[2]
        worse.body = []
        worse.save_revision(clean=False)
        response = press(moderator, step, "Publish them too")
        text = soup(response).get_text(" ", strip=True)
        assert f"“{worse.title}”: Body: Write an article" in text
        assert not ProgrammePage.objects.exists()
        assert is_live(*insights) == [False] * 3

    def test_what_a_chosen_one_chose_is_asked_about_too(self, moderator: Client) -> None:
        [inner] = drafts(1)
        [outer] = drafts(
            1, body=[{"type": "insights", "value": {"heading": "", "insights": [inner.pk]}}]
        )
        form = programme_with(outer) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        again = press(moderator, step, "Publish them too")
        assert [row[0] for row in rows(again)] == [outer.title, inner.title]
        assert not ProgrammePage.objects.exists()
        # The second one was not ticked, as it was not shown before.
        boxes = soup(again).select("input[type=checkbox]")
        assert [box.has_attr("checked") for box in boxes] == [True, True]
        assert press(moderator, again, "Publish them too").status_code == 302
        assert is_live(outer, inner) == [True, True]

    def test_what_is_scheduled_is_asked_about_and_schedules_them_too(
        self, moderator: Client
    ) -> None:
        insights = drafts(2)
        when = {"go_live_at": "2099-05-03 09:30"}
        form = programme_with(*insights, **when) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        assert "2 chosen insights are not published" in soup(step).get_text()
        assert press(moderator, step, "Publish them too").status_code == 302
        programme = ProgrammePage.objects.get()
        assert is_live(programme, *insights) == [False] * 3
        times = {page.scheduled_revision.approved_go_live_at for page in (programme, *insights)}
        assert times == {datetime.datetime(2099, 5, 3, 9, 30, tzinfo=datetime.UTC)}

    def test_nothing_is_asked_when_all_is_published(self, moderator: Client) -> None:
        insights = [factories.InsightPageFactory() for _ in range(2)]
        form = programme_with(*insights) | PUBLISH
        response = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        assert response.status_code == 302
        assert is_live(ProgrammePage.objects.get()) == [True]

    def test_saving_a_draft_asks_nothing(self, editor: Client) -> None:
        form = programme_with(*drafts())
        response = editor.post(add_url(ProgrammePage, factories.programme_index()), form)
        assert response.status_code == 302
        programme = ProgrammePage.objects.get()
        background = editor.post(edit_url(programme), form, headers={"accept": "application/json"})
        assert background.json()["success"]


class TestStatus:
    """Whatever the way in which something is named, and whatever the reason that it is not seen."""

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            ("draft", "draft"),
            ("scheduled", "scheduled for 3 May 2099, 09:30"),
            ("expired", "expired"),
            ("private", "private"),
            ("section", "in a section that is not published"),
            ("alias", "an alias of a page that is not published"),
        ],
    )
    def test_why_it_is_not_seen(self, moderator: Client, state: str, said: str) -> None:
        chosen = in_state(state)
        assert notice_of(moderator, chosen) == [f"{chosen.title} – {said}"]

    def test_what_is_published_is_not_mentioned(self, moderator: Client) -> None:
        assert notice_of(moderator, factories.InsightPageFactory()) == []

    def test_private_pictures_are_told_of(self, moderator: Client) -> None:
        image = factories.ImageFactory(title="Secret")
        collection = image.collection.add_child(name="Private")
        collection.view_restrictions.create(restriction_type="login")
        image.collection = collection
        image.save()
        programme = factories.ProgrammePageFactory(image=image)
        assert notice(moderator, programme) == ["Secret – private"]

    def test_an_alias_is_published_with_its_original(self, moderator: Client) -> None:
        original = drafts(1)[0]
        alias = original.create_alias(parent=factories.insight_index(), update_slug="an-alias")
        form = programme_with(alias) | PUBLISH
        step = moderator.post(add_url(ProgrammePage, factories.programme_index()), form)
        assert press(moderator, step, "Publish them too").status_code == 302
        assert is_live(original, alias) == [True, True]


def in_state(state: str) -> InsightPage:
    """Return an insight that readers do not see for one reason."""
    if state == "draft":
        return drafts(1)[0]
    if state == "alias":
        return drafts(1)[0].create_alias(parent=factories.insight_index(), update_slug="an-alias")
    insight: InsightPage = factories.InsightPageFactory(live=state not in {"scheduled"})
    if state == "scheduled":
        insight.go_live_at = datetime.datetime(2099, 5, 3, 9, 30, tzinfo=datetime.UTC)
        insight.save_revision().publish()
    elif state == "expired":
        insight.expire_at = timezone.now() - datetime.timedelta(days=1)
        insight.save()
    elif state == "private":
        factories.restrict(insight)
    elif state == "section":
        insight.get_parent().specific.unpublish()
    return insight


def notice(browser: Client, page: Page) -> list[str]:
    """Return the lines of what the form of a page says."""
    response = browser.get(reverse("publish_with_notice", args=[page.pk]))
    assert response.status_code == 200
    lines = BeautifulSoup(response.content, "html.parser").find_all("li")
    for hidden in (found for line in lines for found in line.find_all(class_="w-sr-only")):
        hidden.decompose()
    return [" ".join(line.get_text().split()) for line in lines]


def notice_of(browser: Client, chosen: Page) -> list[str]:
    """Return what the form of a programme that chose a page says."""
    programme = factories.ProgrammePageFactory(live=False)
    programme.related_insights.set([programme.related_insights.model(insight=chosen)])
    programme.save_revision()
    return notice(browser, programme)


class TestAnyReference:
    """References of a page of every kind, each saved in a draft only, as a writer has it before it is published."""

    @pytest.mark.parametrize("place", ["row", "button", "link", "featured", "column", "notes"])
    def test_a_page_is_found(self, moderator: Client, place: str) -> None:
        [chosen] = drafts(1)
        page = naming(chosen, place)
        assert notice(moderator, page) == [f"{chosen.title} – draft"]

    @pytest.mark.parametrize("place", ["sponsor", "supporters", "body"])
    def test_a_snippet_with_drafts_is_found(self, moderator: Client, place: str) -> None:
        sponsor = factories.SponsorFactory(live=False)
        meeting = factories.MeetingPageFactory(live=False)
        value: Any = {
            "sponsor": sponsor,
            "supporters": [sponsor],
            "body": [("sponsor", sponsor)],
        }[place]
        setattr(meeting, place, value)
        meeting.save_revision()
        assert notice(moderator, meeting) == [f"{sponsor.name} – draft"]

    def test_a_snippet_is_published_with_a_page(self, administrator: Client) -> None:
        sponsor = factories.SponsorFactory(live=False)
        sponsor.save_revision()
        form = form_data(
            {
                "title": "Meeting",
                "slug": "meeting",
                "place": "Lyon",
                "minutes": rich_text(""),
                "sponsor": str(sponsor.pk),
                "supporters": [],
                "prepares": "",
                "tags": "",
                "body": streamfield([]),
            }
        )
        step = administrator.post(add_url(MeetingPage, factories.home()), form | PUBLISH)
        assert "1 chosen sponsor is not published" in soup(step).get_text()
        assert press(administrator, step, "Publish them too").status_code == 302
        assert Sponsor.objects.get().live
        assert MeetingPage.objects.get().live

    def test_a_page_below_waits_for_the_page_itself_alone(self, moderator: Client) -> None:
        parent = factories.ContentPageFactory(live=False)
        child = factories.ContentPageFactory(parent=parent)
        parent.body = [("call_to_action", {"label": "Go", "page": child, "url": ""})]
        parent.save_revision()
        assert notice(moderator, parent) == []

    def test_what_is_gone_is_not_mentioned(self, moderator: Client) -> None:
        [chosen] = drafts(1)
        page = naming(chosen, "button")
        chosen.delete()
        assert notice(moderator, page) == []

    def test_who_may_not_edit_the_page_is_told_nothing(self, editor: Client) -> None:
        page = naming(drafts(1)[0], "button")
        address = reverse("publish_with_notice", args=[page.pk])
        assert Client().get(address).status_code == 302
        assert editor.get(address).status_code == 200
        Group.objects.get(name="Editors").page_permissions.all().delete()
        assert editor.get(address).status_code == 403


def naming(chosen: Page, place: str) -> Page:
    """Return a page of which a draft names another in one way."""
    page: Any
    if place == "featured":
        page = HomePage.objects.get(pk=factories.home().pk)
        page.featured_insights.add(page.featured_insights.model(page=chosen))
    elif place == "column":
        page = factories.ContentPageFactory()
        column = {"type": "rich_text", "heading": "Where"}
        link = f'<a linktype="page" id="{chosen.pk}">There</a>'
        value = {"columns": [column], "rows": [{"values": [link]}], "caption": ""}
        page.body = page.body.stream_block.to_python([{"type": "table", "value": value}])
    elif place == "notes":
        page = factories.EventPageFactory(notes=f'<a linktype="page" id="{chosen.pk}">There</a>')
    else:
        page = factories.ContentPageFactory()
        block = {
            "row": ("insights", {"heading": "", "insights": [chosen.pk]}),
            "button": ("call_to_action", {"label": "Go", "page": chosen.pk, "url": ""}),
            "link": ("rich_text", f'<p><a linktype="page" id="{chosen.pk}">There</a></p>'),
        }[place]
        page.body = page.body.stream_block.to_python([{"type": block[0], "value": block[1]}])
    page.save_revision(clean=False)
    return page


class TestWorkflow:
    def submitted(self, editor: Client, insights: list[InsightPage], button: str) -> Any:
        form = programme_with(*insights) | SUBMIT
        step = editor.post(add_url(ProgrammePage, factories.programme_index()), form)
        assert TOLD in soup(step).get_text()
        assert buttons(step)[-2:] == ["Submit without them", "Go back"]
        return press(editor, step, button)

    def test_an_editor_submits_them_too(self, editor: Client, mailoutbox: list[Any]) -> None:
        insights = drafts()
        assert self.submitted(editor, insights, "Submit them too").status_code == 302
        assert ProgrammePage.objects.get().workflow_in_progress
        assert [insight.workflow_in_progress for insight in fresh(insights)] == [True] * 3

    def test_an_editor_submits_without_them(self, editor: Client) -> None:
        insights = drafts()
        assert self.submitted(editor, insights, "Submit without them").status_code == 302
        assert ProgrammePage.objects.get().workflow_in_progress
        assert [insight.workflow_in_progress for insight in fresh(insights)] == [False] * 3

    def test_an_editor_never_publishes(self, editor: Client) -> None:
        insights = drafts()
        self.submitted(editor, insights, "Submit them too")
        assert is_live(*insights) == [False] * 3

    def test_approving_in_the_form_asks(self, editor: Client, moderator: Client) -> None:
        insights = drafts()
        self.submitted(editor, insights, "Submit without them")
        programme = ProgrammePage.objects.get()
        approval = {"action-workflow-action": "true", "workflow-action-name": "approve"}
        form = programme_with(*insights) | approval
        step = moderator.post(edit_url(programme), form)
        assert TOLD in soup(step).get_text()
        assert press(moderator, step, "Publish them too").status_code == 302
        assert is_live(programme, *insights) == [True] * 4

    def test_approving_in_the_window_asks_on_a_page_of_its_own(
        self, editor: Client, moderator: Client
    ) -> None:
        insights = drafts()
        self.submitted(editor, insights, "Submit without them")
        programme = ProgrammePage.objects.get()
        address = reverse(
            "wagtailadmin_pages:workflow_action",
            args=[programme.pk, "approve", programme.current_workflow_task_state.pk],
        )
        window = moderator.post(
            address, {"comment": "Fine"}, headers={"x-requested-with": "XMLHttpRequest"}
        )
        assert window.json() == {"step": "success", "redirect": reverse("publish_with")}
        assert is_live(programme) == [False]
        step = moderator.get(reverse("publish_with"))
        assert TOLD in soup(step).get_text()
        assert press(moderator, step, "Publish them too").status_code == 302
        assert is_live(programme, *insights) == [True] * 4

    def test_the_step_of_a_window_that_is_long_gone_leads_home(self, moderator: Client) -> None:
        assert moderator.get(reverse("publish_with")).status_code == 302


def fresh(insights: list[InsightPage]) -> list[InsightPage]:
    """Return pages as they are now."""
    return [InsightPage.objects.get(pk=insight.pk) for insight in insights]


class TestBulkAction:
    def publish(self, browser: Client, *pages: Page) -> Any:
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        query = "&".join(f"id={page.pk}" for page in pages)
        return browser.post(f"{address}?{query}&next=/admin/")

    def test_publishing_several_asks(self, moderator: Client) -> None:
        insights = drafts()
        programme = factories.ProgrammePageFactory(live=False, insights=insights)
        step = self.publish(moderator, programme)
        assert TOLD in soup(step).get_text()
        assert is_live(programme) == [False]
        assert press(moderator, step, "Publish them too").status_code == 302
        assert is_live(programme, *insights) == [True] * 4

    def test_what_is_published_together_is_not_asked_about(self, moderator: Client) -> None:
        insights = drafts()
        programme = factories.ProgrammePageFactory(live=False, insights=insights)
        assert self.publish(moderator, programme, *insights).status_code == 302
        assert is_live(programme, *insights) == [True] * 4


def test_one_who_may_not_publish_an_insight_is_told_so(client: Client) -> None:
    group = Group.objects.create(name="Programme managers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for name in ("add", "change", "publish"):
        GroupPagePermission.objects.create(
            group=group,
            page=factories.programme_index(),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=f"{name}_page"
            ),
        )
    client.force_login(factories.UserFactory(groups=["Programme managers"]))
    insights = drafts()
    form = programme_with(*insights) | PUBLISH
    step = client.post(add_url(ProgrammePage, factories.programme_index()), form)
    assert soup(step).get_text().count("It needs approval.") == 3
    assert "Publish them too" not in buttons(step)
    # Nor by whatever they may send instead.
    key = soup(step).select_one("input[name=chosen-shown]")["value"]
    sent = {**form, "chosen-choice": "with", "chosen-too": key, "chosen-shown": key}
    client.post(add_url(ProgrammePage, factories.programme_index()), sent)
    assert is_live(*insights) == [False] * 3


def test_a_following_event_is_a_reference(moderator: Client) -> None:
    event = factories.EventPageFactory(live=False)
    following: EventPage = factories.EventPageFactory(follows=event)
    assert notice(moderator, following) == [f"{event.title} – draft"]
