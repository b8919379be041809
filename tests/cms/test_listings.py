"""What editors see of what they did: the newest first, back where they came from, in words that say what was done."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, Page

from cms.models import ContentPage, NavigationItem, SiteSettings
from insights.models import InsightPage
from tests import factories
from tests.cms.admin import (
    PUBLISH,
    SUBMIT,
    add_url,
    content_form,
    edit_url,
    insight_form,
    programme_form,
    soup,
    titles,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ORIGIN = "http://testserver"
LIST = "/admin/insights/?q=x&p=2"


def edited(page: Page, day: int | None) -> None:
    when = day and datetime.datetime(2024, 1, day, tzinfo=datetime.UTC)
    Page.objects.filter(pk=page.pk).update(latest_revision_created_at=when)


@pytest.mark.parametrize(
    ("listing", "make"),
    [
        ("insights:index", factories.InsightPageFactory),
        ("programmes:index", factories.ProgrammePageFactory),
    ],
)
def test_lists_open_with_what_was_edited_last(editor: Client, listing: str, make: Any) -> None:
    for title, day in (("Old", 1), ("Never", None), ("New", 3), ("Middle", 2)):
        edited(make(title=title), day)
    assert titles(editor, listing) == ["New", "Middle", "Old", "Never"]
    explorer = reverse("wagtailadmin_explore", args=[make().get_parent().pk])
    shown = soup(editor.get(explorer)).select("td.title .title-wrapper")
    names = [cell.get_text(" ", strip=True) for cell in shown]
    assert names[:3] == ["New", "Middle", "Old"]


def back(browser: Client, url: str, form: dict[str, str], came_from: str = ORIGIN + LIST) -> str:
    """Open a form from somewhere, send it, and return where that leads."""
    opened = soup(browser.get(url, headers={"referer": came_from}, follow=True))
    following = opened.find("input", attrs={"name": "next"})["value"]
    response = browser.post(url, {**form, "next": following})
    assert response.status_code == 302
    return str(response.headers["Location"])


@pytest.mark.parametrize(
    "path",
    [
        LIST,
        "/admin/",
        "/admin/programmes/?themes=1",
        "/admin/pages/search/?q=a",
        "/admin/reports/workflow/",
        "/admin/snippets/cms/theme/",
    ],
)
def test_what_is_submitted_leads_back_to_the_list_it_was_opened_from(
    editor: Client, path: str
) -> None:
    page = factories.InsightPageFactory(live=False)
    form = insight_form(external_url="https://e.org/", slug=page.slug, **SUBMIT)
    assert back(editor, edit_url(page), form, ORIGIN + path) == path
    new = insight_form(external_url="https://e.org/", slug="new", **SUBMIT)
    assert back(editor, add_url(InsightPage, page.get_parent()), new, ORIGIN + path) == path


@pytest.mark.parametrize(
    "came_from",
    [
        "",
        "https://elsewhere.example/admin/insights/",
        ORIGIN + "/admin/pages/1/edit/",
        ORIGIN + "/admin/account/",
        ORIGIN + "/nowhere/",
        "http://[",
        "javascript:alert(1)",
    ],
)
def test_what_was_opened_from_elsewhere_leads_to_the_pages_beside_it(
    moderator: Client, came_from: str
) -> None:
    page = factories.ContentPageFactory()
    form = content_form(slug=page.slug, **PUBLISH)
    explorer = reverse("wagtailadmin_explore", args=[page.get_parent().pk])
    assert back(moderator, edit_url(page), form, came_from) == explorer


def said(browser: Client, url: str, form: dict[str, str], **more: Any) -> list[str]:
    """Send a form, and return what is said of it."""
    response = browser.post(url, form, **more)
    if response.status_code == 302:
        response = browser.get(reverse("wagtailadmin_home"))
    shown = soup(response).select(".messages li")
    return [" ".join(item.get_text(" ", strip=True).split()) for item in shown]


class TestWords:
    """What is said of what was done."""

    def form(self, page: Page, *actions: dict[str, str], **fields: Any) -> dict[str, str]:
        form = content_form(title="T", slug=page.slug, **fields)
        for action in actions:
            form |= action
        return form

    def test_a_draft_is_saved(self, moderator: Client) -> None:
        page = factories.ContentPageFactory(live=False)
        assert said(moderator, edit_url(page), self.form(page)) == ["“T” is saved as a draft."]
        live = factories.ContentPageFactory()
        assert said(moderator, edit_url(live), self.form(live)) == [
            "Your changes to “T” are saved as a draft. Readers see what was published."
        ]
        url = add_url(ContentPage, factories.home())
        assert said(moderator, url, content_form(title="N", slug="n")) == [
            "“N” is saved as a draft."
        ]

    def test_a_page_is_published_or_scheduled(self, moderator: Client) -> None:
        page = factories.ContentPageFactory(live=False)
        [text] = said(moderator, edit_url(page), self.form(page, PUBLISH))
        assert text.startswith("Page 'T' has been published.")
        day = timezone.localdate() + datetime.timedelta(days=40)
        when = {"go_live_at": f"{day.isoformat()} 10:30"}
        shown = f"{day.day} {day.strftime('%B %Y')}, 10:30"
        [text] = said(moderator, edit_url(page), self.form(page, PUBLISH, when))
        assert text.startswith(f"“T” stays as it is until {shown}; then this version is published.")
        other = factories.ContentPageFactory(live=False)
        [text] = said(moderator, edit_url(other), self.form(other, PUBLISH, when))
        assert text.startswith(f"“T” is scheduled for {shown}.")
        url = add_url(ContentPage, factories.home())
        new = content_form(title="N", slug="n", **PUBLISH, **when)
        [text] = said(moderator, url, new)
        assert text.startswith(f"“N” is scheduled for {shown}.")
        [text] = said(moderator, url, content_form(title="N", slug="n2", **PUBLISH))
        assert text.startswith("Page 'N' created and published.")

    def submitted(self, editor: Client) -> tuple[Page, str]:
        page = factories.ContentPageFactory(live=False)
        [text] = said(editor, edit_url(page), self.form(page, SUBMIT))
        assert text.startswith("Page 'T' has been submitted for moderation.")
        task = ContentPage.objects.get(pk=page.pk).current_workflow_task_state
        return page, str(task.pk)

    @pytest.mark.parametrize("in_form", [True, False])
    @pytest.mark.parametrize(
        ("action", "text"),
        [
            ("approve", "“T” is approved and published."),
            ("reject", "“T” is rejected. Who submitted it sees your comment,"),
        ],
    )
    def test_what_a_moderator_did(
        self, editor: Client, moderator: Client, action: str, text: str, in_form: bool
    ) -> None:
        page, task = self.submitted(editor)
        if in_form:
            chosen = {"action-workflow-action": "true", "workflow-action-name": action}
            found = said(moderator, edit_url(page), self.form(page, chosen))
        else:
            url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, task])
            found = said(moderator, url, {"comment": ""})
        assert len(found) == 1
        assert found[0].startswith(text)
        if action == "reject":
            [again] = said(editor, edit_url(page), self.form(page, SUBMIT))
            assert again.startswith("Page 'T' has been submitted for moderation.")

    def test_an_approval_of_what_is_scheduled_says_when(
        self, editor: Client, moderator: Client
    ) -> None:
        page = factories.ContentPageFactory(live=False)
        day = timezone.localdate() + datetime.timedelta(days=40)
        said(editor, edit_url(page), self.form(page, SUBMIT, {"go_live_at": f"{day} 10:30"}))
        task = ContentPage.objects.get(pk=page.pk).current_workflow_task_state
        url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
        [text] = said(moderator, url, {"comment": ""})
        assert text.startswith("“T” is scheduled for ")

    def test_a_window_that_was_opened_in_a_list_leads_back_there(
        self, editor: Client, moderator: Client
    ) -> None:
        page, task = self.submitted(editor)
        url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task])
        response = moderator.post(
            url,
            {"comment": ""},
            headers={"x-requested-with": "XMLHttpRequest", "referer": f"{ORIGIN}/admin/"},
        )
        assert response.json()["redirect"] == "/admin/"

    def test_a_moderation_is_cancelled(self, editor: Client) -> None:
        page, _ = self.submitted(editor)
        cancel = {"action-cancel-workflow": "true"}
        [text] = said(editor, edit_url(page), self.form(page, cancel))
        assert text.startswith("Workflow on page 'T' has been cancelled.")

    def test_an_alias_and_a_copy(self, moderator: Client) -> None:
        page = factories.ContentPageFactory(title="T")
        url = reverse("wagtailadmin_pages:copy", args=[page.pk])
        form = {"new_title": "T", "new_parent_page": str(page.get_parent().pk)}
        [text] = said(moderator, url, {**form, "new_slug": "copied"})
        assert text.startswith("Page 'T' copied.")
        [text] = said(moderator, url, {**form, "new_slug": "alias", "alias": "on"})
        assert text.startswith("An alias of “T” is made below “Home”.")

    @pytest.mark.parametrize(
        ("view", "text"), [("unpublish", "unpublished."), ("delete", "deleted.")]
    )
    def test_a_page_is_taken_away(self, moderator: Client, view: str, text: str) -> None:
        page = factories.ContentPageFactory(title="T")
        [found] = said(moderator, reverse(f"wagtailadmin_pages:{view}", args=[page.pk]), {})
        assert found.startswith(f"Page 'T' {text}")

    def test_a_page_is_moved(self, moderator: Client) -> None:
        page, other = factories.ContentPageFactory(title="T"), factories.ContentPageFactory()
        url = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other.pk])
        [text] = said(moderator, url, {})
        assert text.startswith("Page 'T' moved.")


class TestMenus:
    """ "Show in menus" is asked where menus look: below a home page whose site has no menu of its own."""

    def asked(self, browser: Client, url: str) -> bool:
        return soup(browser.get(url)).find("input", attrs={"name": "show_in_menus"}) is not None

    def test_it_is_asked_below_home_alone(self, moderator: Client) -> None:
        content = factories.ContentPageFactory()
        below = factories.ContentPageFactory(parent=content)
        asked = {
            content: True,
            factories.insight_index(): True,
            factories.programme_index(): True,
            below: False,
            factories.home(): False,
            factories.ProgrammePageFactory(): False,
            factories.InsightPageFactory(): False,
        }
        assert {page: self.asked(moderator, edit_url(page)) for page in asked} == asked
        assert self.asked(moderator, add_url(ContentPage, factories.home()))
        assert not self.asked(moderator, add_url(ContentPage, content))

    def test_it_is_not_asked_where_the_site_has_a_menu_of_its_own(self, moderator: Client) -> None:
        page = factories.ContentPageFactory(show_in_menus=True)
        site_settings = SiteSettings.for_site(factories.default_site())
        assert self.asked(moderator, edit_url(page))
        site_settings.navigation.add(NavigationItem(url="https://e.org/", label="x"))
        site_settings.save()
        assert not self.asked(moderator, edit_url(page))

    def test_what_is_stored_stays_where_it_is_not_asked(self, moderator: Client) -> None:
        page = factories.ProgrammePageFactory(show_in_menus=True)
        form = programme_form(slug=page.slug, **PUBLISH)
        assert moderator.post(edit_url(page), form).status_code == 302
        page.refresh_from_db()
        assert page.show_in_menus


class TestBulkBar:
    """A list offers what its reader may do."""

    def offered(self, browser: Client, url: str) -> list[set[str]]:
        boxes = soup(browser.get(url)).select("input[data-bulk-action-checkbox]")
        return [set(box.get("data-allowed-actions", "").split()) for box in boxes]

    def test_an_editor_is_offered_nothing_on_what_is_published(self, editor: Client) -> None:
        page = factories.InsightPageFactory()
        assert self.offered(editor, reverse("insights:index")) == []
        assert (
            self.offered(editor, reverse("wagtailadmin_explore", args=[page.get_parent().pk])) == []
        )

    def test_an_editor_may_delete_a_draft_of_their_own(self, editor: Client) -> None:
        form = insight_form(external_url="https://e.org/")
        editor.post(add_url(InsightPage, factories.insight_index()), form)
        factories.InsightPageFactory()
        assert self.offered(editor, reverse("insights:index")) == [{"delete", "move"}]

    def test_a_moderator_is_offered_all(self, moderator: Client) -> None:
        factories.InsightPageFactory()
        everything = {"publish", "unpublish", "delete", "move"}
        [offered] = self.offered(moderator, reverse("insights:index"))
        assert offered == everything

    def test_other_lists_offer_likewise(self, editor: Client, moderator: Client) -> None:
        factories.ThemeFactory()
        themes = reverse("wagtailsnippets_cms_theme:list")
        assert self.offered(editor, themes) == []
        assert self.offered(moderator, themes) == [{"delete"}]
        factories.ImageFactory(collection=Collection.get_first_root_node())
        assert len(self.offered(moderator, reverse("wagtailimages:index"))) == 1
