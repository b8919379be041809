"""Sharing a draft in the admin: the menu, the form, the link that is shown once, the report, and the history."""

import datetime
import logging
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, GroupPagePermission, Page, PageLogEntry, Revision, Site
from wagtail.test.utils.form_data import streamfield
from wagtail_headless_preview.models import PagePreview

from cms.models import HomePage
from frontend_api.previews import tokens
from frontend_api.previews.sharing.models import SharedDraft
from insights.models import InsightPage
from tests import factories, previews
from tests.cms import admin

pytestmark = [pytest.mark.django_db, pytest.mark.once]

REPORT = "/admin/shared-drafts/report/"


@pytest.fixture
def editor() -> Client:
    """The browser of an editor."""
    return previews.log_in(factories.UserFactory(groups=["Editors"], first_name="Edith"))[0]


def address(page: Page) -> str:
    return reverse("frontend_api_sharing:share", args=[page.pk])


def fill_in(browser: Client, page: Page, **changed: Any) -> Any:
    """Send the form, and go where it leads."""
    form = {"made_for": "Anna Berg", "days": "7", "shows": "follow", **changed}
    return browser.post(address(page), form, follow=True)


def link_in(response: Any) -> str:
    """Return the link that the answer shows."""
    assert response.status_code == 200
    return str(BeautifulSoup(response.content, "html.parser").select_one("#shared-link")["value"])


def token_in(link: str) -> str:
    return parse_qs(urlsplit(link).query)["token"][0]


def shown(link: str, status: int = 200) -> Any:
    """Read what a link shows, as a frontend does that was just given it."""
    response = Client().get("/api/v2/preview/", parse_qs(urlsplit(link).query))
    assert response.status_code == status
    return response.json()


def rows(browser: Client, **query: str) -> list[list[str]]:
    """Return the report."""
    table = BeautifulSoup(browser.get(REPORT, query).content, "html.parser").select("tbody tr")
    return [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in table]


def test_the_link_opens_the_draft_in_the_frontend_and_is_shown_once(editor: Client) -> None:
    page = factories.ContentPageFactory(title="As published")
    page.title = "As it will be"
    page.save_revision()
    response = fill_in(editor, page)
    assert "no-store" in response.headers["Cache-Control"]
    link = link_in(response)
    assert link.startswith("http://localhost/preview?content_type=cms.contentpage&token=share_")
    assert shown(link)["title"] == "As it will be"
    again = editor.get(address(page)).content.decode()
    assert token_in(link) not in again
    assert "Anna Berg" in again


def test_the_form_leads_on_so_that_reloading_makes_no_second_link(editor: Client) -> None:
    page, other = factories.ContentPageFactory(), factories.ContentPageFactory()
    response = fill_in(editor, page)
    ((made, status),) = response.redirect_chain
    assert status == 302
    assert token_in(link_in(response)) not in made
    assert "shared-link" not in editor.get(made).content.decode()
    assert SharedDraft.objects.count() == 1
    # Each of two tabs gets its own link, and a page shows no link to another.
    form = {"made_for": "Anna Berg", "days": "7", "shows": "follow"}
    first, second = (editor.post(address(page), form).headers["Location"] for _ in range(2))
    elsewhere = editor.get(first.replace(address(page), address(other)))
    assert "shared-link" not in elsewhere.content.decode()
    assert shown(link_in(editor.get(second)))["id"] == page.pk
    for wrong in ("0", "", "x", "\x00", "9" * 40):
        response = editor.get(address(page), {"made": wrong})
        assert response.status_code == 200
        assert "shared-link" not in response.content.decode()


def test_a_session_alone_is_no_link(editor: Client, settings: Any) -> None:
    page = factories.ContentPageFactory()
    made = editor.post(address(page), {"made_for": "A", "days": "7", "shows": "follow"})
    kept = str(dict(editor.session.items()))
    link = link_in(editor.get(made.headers["Location"]))
    assert token_in(link) not in kept
    assert token_in(link).removeprefix(tokens.SHARE) not in kept
    assert "new_links" in kept
    assert editor.session["frontend_api_sharing_new_links"] == {}


def test_a_token_is_stored_hashed_and_logged_nowhere(
    editor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    token = token_in(link_in(fill_in(editor, factories.ContentPageFactory())))
    (link,) = SharedDraft.objects.values()
    assert link["token_digest"] == tokens.digest(token)
    assert token not in str(link)
    assert token not in caplog.text
    assert token not in str(list(PageLogEntry.objects.values()))
    # 256 bits, and a beginning that a search for leaked secrets finds.
    assert token.startswith("share_")
    assert len(token) == len("share_") + 43


def test_a_link_follows_the_draft_or_stays_with_what_is_saved(editor: Client) -> None:
    page = factories.ContentPageFactory(title="First")
    page.save_revision()
    follows, fixed = (link_in(fill_in(editor, page, shows=what)) for what in ("follow", "fixed"))
    page.title = "Second"
    page.save_revision()
    assert shown(follows)["title"] == "Second"
    assert shown(fixed)["title"] == "First"
    page.save_revision().publish()
    assert shown(fixed)["title"] == "First"


@pytest.mark.parametrize(("what", "title"), [("fixed", "For the partner"), ("follow", "Secret")])
def test_a_fixed_link_never_shows_what_wagtail_saves_by_itself_later(
    editor: Client, what: str, title: str
) -> None:
    def typed(title: str, **more: str) -> dict[str, str]:
        form = admin.insight_form(title=title, body=streamfield([admin.TEXT]))
        return {**form, **more}

    editor.post(admin.add_url(InsightPage, factories.insight_index()), typed("For the partner"))
    page = InsightPage.objects.get(slug="an-insight")
    link = link_in(fill_in(editor, page, shows=what))
    # The tab is still open, and saves over the revision that it has made.
    revision = {"overwrite_revision_id": str(page.latest_revision_id)}
    saved = editor.post(
        admin.edit_url(page), typed("Secret", **revision), headers={"accept": "application/json"}
    )
    assert saved.status_code == 200
    assert Revision.objects.get().content["title"] == "Secret"
    assert shown(link)["title"] == title


def test_a_fixed_link_outlives_the_revisions_of_its_page(editor: Client) -> None:
    page = factories.ContentPageFactory(title="First")
    page.save_revision()
    link = link_in(fill_in(editor, page, shows="fixed"))
    page.title = "Second"
    page.save_revision().publish()
    call_command("purge_revisions", stdout=StringIO())
    assert Revision.objects.count() == 1
    assert shown(link)["title"] == "First"


@pytest.mark.parametrize("what", ["follow", "fixed"])
def test_a_page_without_a_revision_shares_what_it_is(editor: Client, what: str) -> None:
    page = factories.ContentPageFactory(title="Made by a program")
    link = link_in(fill_in(editor, page, shows=what))
    assert shown(link)["title"] == "Made by a program"
    page.title = "Changed by it"
    page.save()
    titles = {"follow": "Changed by it", "fixed": "Made by a program"}
    assert shown(link)["title"] == titles[what]


def test_a_fixed_link_holds_no_comments(editor: Client) -> None:
    page = factories.ContentPageFactory()
    page.wagtail_admin_comments.add(
        Comment(user=factories.UserFactory(), contentpath="title", text="Is this true?")
    )
    page.save_revision()
    assert "Is this true?" in str(page.latest_revision.content)
    shown(link_in(fill_in(editor, page, shows="fixed")))
    assert "Is this true?" not in str(SharedDraft.objects.get().content)


def test_lists_of_links_do_not_load_what_they_show(
    editor: Client, django_assert_num_queries: Any
) -> None:
    page = factories.ContentPageFactory()
    for _ in range(2):
        fill_in(editor, page, shows="fixed")
    with django_assert_num_queries(1):
        assert [str(link.shows) for link in SharedDraft.objects.listed()] == [
            "The draft as it was"
        ] * 2


@pytest.mark.parametrize("days", ["1", "7", "14", "30", "90"])
def test_a_link_expires_when_its_maker_says(editor: Client, days: str) -> None:
    began = timezone.now()
    link_in(fill_in(editor, factories.ContentPageFactory(), days=days))
    lasts = SharedDraft.objects.get().expires_at - began - datetime.timedelta(days=int(days))
    assert datetime.timedelta(0) <= lasts < datetime.timedelta(minutes=1)


def test_seven_days_are_the_default(editor: Client) -> None:
    page = BeautifulSoup(editor.get(address(factories.ContentPageFactory())).content, "html.parser")
    assert page.select_one("#id_days option[selected]")["value"] == "7"


@pytest.mark.parametrize(
    "wrong",
    [
        {"made_for": ""},
        {"made_for": "x" * 101},
        {"made_for": "a\x00b"},
        {"days": "3650"},
        {"days": "soon"},
        {"shows": "everything"},
    ],
)
def test_what_cannot_be_used_stands_beside_its_field(editor: Client, wrong: dict[str, str]) -> None:
    page = factories.ContentPageFactory()
    page.save_revision()
    response = fill_in(editor, page, **wrong)
    assert response.status_code == 200
    assert BeautifulSoup(response.content, "html.parser").select(".error-message")
    assert not SharedDraft.objects.exists()


def test_a_revoked_link_is_dead_on_the_next_request(editor: Client) -> None:
    page = factories.ContentPageFactory()
    link, other = (link_in(fill_in(editor, page, made_for=name)) for name in ("One", "Other"))
    shown(link)
    one = SharedDraft.objects.get(made_for="One")
    revoke = reverse("frontend_api_sharing:revoke", args=[one.pk])
    assert editor.get(revoke).status_code == 405
    response = editor.post(revoke, follow=True)
    assert response.redirect_chain == [(address(page), 302)]
    assert "The link for One does not work any more." in response.content.decode()
    shown(link, status=401)
    shown(other)
    # Once more is no second entry in the history, nor does it change when it was.
    editor.post(revoke)
    assert PageLogEntry.objects.filter(action="frontend_api.revoke_shared_draft").count() == 1


def test_revoking_leads_back_to_the_report_and_nowhere_else(editor: Client) -> None:
    link_in(fill_in(editor, factories.ContentPageFactory()))
    link = SharedDraft.objects.get()
    revoke = reverse("frontend_api_sharing:revoke", args=[link.pk])
    assert editor.post(revoke, {"next": REPORT}).headers["Location"] == REPORT
    response = editor.post(revoke, {"next": "https://evil.example/"})
    assert response.headers["Location"] == address(link.page)


def test_every_form_has_its_own_protection(editor: Client) -> None:
    page = factories.ContentPageFactory()
    link_in(fill_in(editor, page))
    for url in (address(page), REPORT):
        forms = BeautifulSoup(editor.get(url).content, "html.parser").select("form[method=post]")
        assert forms
        assert all(form.select("[name=csrfmiddlewaretoken]") for form in forms)


def test_who_may_not_edit_a_page_shares_nothing_of_it(editor: Client) -> None:
    page = factories.ContentPageFactory()
    link_in(fill_in(editor, page))
    link = SharedDraft.objects.get()
    GroupPagePermission.objects.filter(group__name="Editors").delete()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    revoke = reverse("frontend_api_sharing:revoke", args=[link.pk])
    for response in (
        editor.get(address(page)),
        editor.post(address(page), {"made_for": "Anna Berg", "days": "7", "shows": "follow"}),
        editor.post(revoke),
    ):
        # The admin leads back to its start, with a message.
        assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert address(page) not in editor.get(edit, follow=True).content.decode()
    assert SharedDraft.objects.open().count() == 1
    for url in (address(page), revoke, REPORT):
        assert "/login/" in Client().post(url).headers["Location"]


def test_the_menu_of_a_page_has_it(editor: Client) -> None:
    page = factories.ContentPageFactory()
    for url in ("wagtailadmin_pages:edit", "wagtailadmin_explore"):
        html = editor.get(reverse(url, args=[page.pk])).content.decode()
        assert address(page) in html
    root = Page.get_first_root_node()
    browser, _ = previews.log_in()
    html = browser.get(reverse("wagtailadmin_explore", args=[root.pk])).content.decode()
    assert address(root) not in html
    assert browser.get(address(root)).status_code in {302, 404}


def test_a_page_outside_every_site_says_what_to_do() -> None:
    browser, _ = previews.log_in()
    root = Page.get_first_root_node()
    page = root.add_child(instance=HomePage(title="Nowhere", slug="nowhere"))
    page.save_revision()
    for response in (browser.get(address(page)), fill_in(browser, page)):
        assert "This page belongs to no site" in response.content.decode()
    assert not SharedDraft.objects.exists()


def test_the_history_of_the_page_tells_of_it(editor: Client) -> None:
    page = factories.ContentPageFactory()
    link_in(fill_in(editor, page))
    editor.post(reverse("frontend_api_sharing:revoke", args=[SharedDraft.objects.get().pk]))
    history = editor.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
    day = timezone.localtime() + datetime.timedelta(days=7)
    assert f"Shared the draft with Anna Berg until {day.day} {day:%b %Y}" in " ".join(
        history.split()
    ).replace(".", "")
    assert "Revoked the link to the draft for Anna Berg" in history


def test_the_report_lists_what_one_may_see(editor: Client) -> None:
    page, other = factories.ContentPageFactory(title="Mine"), factories.ContentPageFactory()
    link = link_in(fill_in(editor, page))
    assert rows(editor)[0][:4] == ["Mine", "Anna Berg", "The draft as it changes", "Edith"]
    assert rows(editor)[0][-2:] == ["Works", "Revoke"]
    assert rows(editor)[0][6] == ""
    shown(link)
    assert rows(editor)[0][6] == "Just now"
    administrator, _ = previews.log_in()
    home = factories.home()
    link_in(fill_in(administrator, other, made_for="Somebody else"))
    permission = GroupPagePermission.objects.filter(group__name="Editors")
    permission.exclude(permission__codename="change_page").delete()
    permission.update(page=page)
    assert home.pk != page.pk
    assert [row[1] for row in rows(editor)] == ["Anna Berg"]
    assert [row[1] for row in rows(administrator)] == ["Somebody else", "Anna Berg"]
    assert [row[1] for row in rows(administrator, made_for="anna")] == ["Anna Berg"]


def test_the_report_says_what_has_become_of_a_link(editor: Client) -> None:
    administrator, _ = previews.log_in()
    page = factories.ContentPageFactory()
    for name in ("revoked", "expired", "ended", "gone", "works"):
        who = administrator if name == "works" else editor
        link_in(fill_in(who, page, made_for=name))
    now = timezone.now()
    links = SharedDraft.objects
    links.filter(made_for="revoked").update(revoked_at=now)
    links.filter(made_for="expired").update(expires_at=now)
    links.filter(made_for="gone").update(made_by=None)
    GroupPagePermission.objects.filter(group__name="Editors").delete()
    ended = "Ended: its maker may no longer edit the page"
    states = {row[1]: row[-2] for row in rows(administrator)}
    assert states == {
        "revoked": "Revoked",
        "expired": "Expired",
        "ended": ended,
        "gone": ended,
        "works": "Works",
    }
    for state, names in {
        "open": ["works", "gone", "ended"],
        "expired": ["expired"],
        "revoked": ["revoked"],
    }.items():
        assert [row[1] for row in rows(administrator, state=state)] == names
    gone = next(row for row in rows(administrator) if row[1] == "gone")
    assert gone[3] == "(deleted)"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_report_can_be_taken_along(editor: Client, form: str) -> None:
    link_in(fill_in(editor, factories.ContentPageFactory(title="Mine")))
    response = editor.get(REPORT, {"export": form})
    content = b"".join(response.streaming_content)
    assert response.status_code == 200
    assert f"shared-drafts-{timezone.localdate():%Y-%m-%d}" in response["Content-Disposition"]
    if form == "csv":
        assert content.decode().splitlines()[1].startswith("Mine,Anna Berg,")
    assert b"share_" not in content


def test_the_reports_menu_has_it(editor: Client) -> None:
    assert REPORT in editor.get("/admin/").content.decode()


def test_an_opening_is_noted_to_the_minute(editor: Client, django_assert_num_queries: Any) -> None:
    link = link_in(fill_in(editor, factories.ContentPageFactory()))
    assert SharedDraft.objects.get().last_opened_at is None
    shown(link)
    first = SharedDraft.objects.get().last_opened_at
    assert first is not None
    shown(link)
    assert SharedDraft.objects.get().last_opened_at == first
    an_hour_ago = first - datetime.timedelta(hours=1)
    SharedDraft.objects.update(last_opened_at=an_hour_ago)
    shown(link)
    assert SharedDraft.objects.get().last_opened_at > first


def test_deleting_a_page_ends_its_links_and_is_not_held_up_by_them() -> None:
    browser, _ = previews.log_in()
    page = factories.ContentPageFactory()
    link = link_in(fill_in(browser, page))
    response = browser.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert response.status_code == 302
    shown(link, status=401)
    assert not SharedDraft.objects.exists()


def test_a_copy_of_a_page_is_not_shared(editor: Client) -> None:
    page = factories.ContentPageFactory()
    link_in(fill_in(editor, page))
    copy = page.copy(update_attrs={"slug": "copy"})
    assert not SharedDraft.objects.filter(page=copy).exists()


def test_a_link_opens_at_the_frontend_of_the_site_of_its_page() -> None:
    browser, _ = previews.log_in()
    root = Page.get_first_root_node().add_child(instance=HomePage(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", port=443, root_page=root)
    link = link_in(fill_in(browser, factories.ContentPageFactory(parent=root, slug="there")))
    assert link.startswith("https://other.example/preview?")
    assert shown(link)["meta"]["html_url"] == "https://other.example/there/"


def clear() -> str:
    """Run the command that operators schedule."""
    output = StringIO()
    call_command("clear_previews", stdout=output)
    return output.getvalue()


def test_previews_are_cleared_once_they_show_nothing(settings: Any) -> None:
    page = factories.ContentPageFactory()
    tokens_ = [previews.token_for(page) for _ in range(3)]
    PagePreview.objects.create(
        token="nobody's", content_type=page.content_type, content_json=page.to_json()
    )
    hour = datetime.timedelta(seconds=settings.FRONTEND_API["PREVIEW_MAX_AGE"])
    old = PagePreview.objects.get(token=tokens.digest(tokens_[0])).typed
    old.made_at = timezone.now() - hour - datetime.timedelta(seconds=1)
    old.save()
    assert clear() == "Deleted the drafts of 2 previews, and 0 links to drafts.\n"
    for token, status in zip(tokens_, (401, 200, 200), strict=True):
        response = Client().get("/api/v2/preview/", headers=previews.bearer(token))
        assert response.status_code == status
    assert clear() == "Deleted the drafts of 0 previews, and 0 links to drafts.\n"


def test_a_preview_clears_nothing_of_anybody_else() -> None:
    """The package's own clearing at each preview, by days and by luck, is not used."""
    page = factories.ContentPageFactory()
    previews.token_for(page)
    PagePreview.objects.update(created_at=timezone.localdate() - datetime.timedelta(days=5))
    page.save_revision()
    browser, _ = previews.log_in()
    browser.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert PagePreview.objects.count() == 2


def test_links_are_kept_for_the_report_until_they_ended_long_ago(editor: Client) -> None:
    page = factories.ContentPageFactory()
    for name in ("works", "revoked lately", "revoked long ago", "expired long ago"):
        link_in(fill_in(editor, page, made_for=name))
    now = timezone.now()
    long_ago = now - datetime.timedelta(days=91)
    links = SharedDraft.objects
    links.filter(made_for="revoked lately").update(revoked_at=now)
    links.filter(made_for="revoked long ago").update(revoked_at=long_ago)
    links.filter(made_for="expired long ago").update(expires_at=long_ago)
    assert clear() == "Deleted the drafts of 0 previews, and 2 links to drafts.\n"
    assert {link.made_for for link in links.all()} == {"works", "revoked lately"}
