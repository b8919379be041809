"""Somebody who is deleted leaves no name, however they are deleted, and everything that they did stays."""

from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import get_date_max
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.test.utils.form_data import streamfield
from wagtail.users.models import UserProfile
from wagtail_headless_preview.models import PagePreview

from cms.background.models import FAILED, READY, RUNNING, QueuedTask
from cms.mail import packed, send_stored, unpacked
from cms.models import User
from cms.models.search import SearchedName, SearchedText
from frontend_api.changes.models import Change
from frontend_api.previews.sharing.actions import SHARED
from frontend_api.previews.sharing.models import SharedDraft
from insights.models import InsightPage
from tests import factories, previews
from tests.cms.admin import PUBLISH, TEXT, add_url, insight_form, soup

pytestmark = pytest.mark.django_db
SUCCESSFUL = TaskResultStatus.SUCCESSFUL


@pytest.fixture
def anna() -> User:
    """A moderator who made a page, shared it, previewed it, and has a picture."""
    user: User = factories.UserFactory(
        groups=["Moderators"],
        username="anna.berg",
        first_name="Anna",
        last_name="Berg",
        email="anna@berg.example",
    )
    profile = UserProfile.get_for_user(user)
    profile.avatar.save("anna.png", ContentFile(factories.png()))
    browser, _ = previews.log_in(user)
    form = insight_form(body=streamfield([TEXT]), **PUBLISH)
    browser.post(add_url(InsightPage, factories.insight_index()), form)
    share(browser, "carla@example.com")
    previews.token_for(InsightPage.objects.get(), user)
    mail("Reset your password", "anna@berg.example", body="Your username is anna.berg.")
    return user


def mail(subject: str, *to: str, status: str = READY, body: str = "", **fields: Any) -> UUID:
    """Let a mail wait, as `QUEUE` does, and return its key."""
    packed_mail = packed(EmailMultiAlternatives(subject, body, None, to, **fields))
    task: Any = send_stored
    row = QueuedTask.objects.create(
        task_path=task.module_path,
        args_kwargs={"args": [packed_mail], "kwargs": {}},
        status=status,
        backend_name="default",
        run_after=get_date_max(),
        traceback="" if status == READY else "SMTPRecipientsRefused: {'Anna@berg.example': …}",
    )
    key: UUID = row.pk
    return key


def share(browser: Client, made_for: str) -> None:
    page = InsightPage.objects.get()
    terms = {"made_for": made_for, "days": "7", "shows": "follow"}
    browser.post(reverse("frontend_api_sharing:share", args=[page.pk]), terms)


def everything() -> str:
    """Return all that is kept of what was done."""
    tables: list[Any] = [
        Change,
        PageLogEntry,
        ModelLogEntry,
        SharedDraft,
        PagePreview,
        UserProfile,
        QueuedTask,
        SearchedText,
        SearchedName,
    ]
    rows = [str(row) for table in tables for row in table.objects.values()]
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    return " ".join([*rows, *sessions, *map(str, User.objects.values("username", "email"))])


def command(account: object) -> str:
    out = StringIO()
    call_command("erase_user", str(account), stdout=out)
    return out.getvalue()


def counted() -> list[int]:
    return [table.objects.count() for table in (Change, PageLogEntry, SharedDraft, InsightPage)]


def in_the_admin(browser: Client, anna: User) -> None:
    browser.post(reverse("wagtailusers_users:delete", args=[anna.pk]))


def among_several(browser: Client, anna: User) -> None:
    url = reverse("wagtail_bulk_action", args=["cms", "user", "delete"])
    browser.post(f"{url}?id={anna.pk}")


def by_username(browser: Client, anna: User) -> None:
    command("anna.berg")


def by_key(browser: Client, anna: User) -> None:
    command(anna.pk)


def by_code(browser: Client, anna: User) -> None:
    User.objects.filter(pk=anna.pk).delete()


@pytest.mark.parametrize("way", [in_the_admin, among_several, by_username, by_key, by_code])
def test_nothing_names_somebody_who_is_deleted(administrator: Client, anna: User, way: Any) -> None:
    url = reverse("wagtailusers_users:edit", args=[anna.pk])
    assert administrator.get(url).status_code == 200
    before = counted()
    assert "anna" in everything()
    way(administrator, anna)
    assert not User.objects.filter(pk=anna.pk).exists()
    left = everything().casefold()
    for name in ("anna", "berg", "carla"):
        assert name not in left
    assert counted() == before
    # Histories and reports are still read.
    page = InsightPage.objects.get()
    history = soup(administrator.get(reverse("wagtailadmin_pages:history", args=[page.pk])))
    assert "Shared the draft with (erased)" in history.get_text()
    assert administrator.get(reverse("wagtailadmin_reports:site_history")).status_code == 200
    report = soup(administrator.get(reverse("frontend_api_sharing:report")))
    assert "(erased)" in report.get_text()


def test_the_command_says_what_it_did_and_then_finds_nothing_more(anna: User) -> None:
    said = command("anna.berg")
    assert said.startswith("Erased: the account itself, ")
    assert "1 shared links, 1 entries in histories of pages" in said
    assert command("anna.berg") == command(anna.pk) == "There is nothing to erase.\n"
    assert command("nobody") == "There is nothing to erase.\n"


@pytest.mark.parametrize("by", ["anna.berg", "key"])
def test_somebody_whose_account_was_deleted_before_is_erased_afterwards(
    administrator: Client, anna: User, by: str
) -> None:
    # As it was left before deletions erased anything.
    administrator.post(reverse("wagtailusers_users:edit", args=[anna.pk]), {})
    ModelLogEntry.objects.log_action(anna, "wagtail.delete", title="anna.berg")
    kept = [*Change.objects.values("pk", "made_by"), *SharedDraft.objects.values("pk", "made_for")]
    entry = PageLogEntry.objects.get(action=SHARED)
    key, data = anna.pk, entry.data
    anna.delete()
    for row in kept:
        if "made_by" in row:
            Change.objects.filter(pk=row["pk"]).update(made_by=row["made_by"])
        else:
            SharedDraft.objects.filter(pk=row["pk"]).update(made_for=row["made_for"])
    PageLogEntry.objects.filter(pk=entry.pk).update(data=data)
    ModelLogEntry.objects.update(label="anna.berg")
    assert "anna" in everything()
    assert command(by if by != "key" else key).startswith("Erased: ")
    left = everything().casefold()
    assert "anna" not in left
    assert "carla" not in left


def test_a_name_from_before_goes_too(administrator: Client, anna: User) -> None:
    ModelLogEntry.objects.log_action(anna, "wagtail.edit", title="anna.berg")
    User.objects.filter(pk=anna.pk).update(username="another")
    command("another")
    assert not Change.objects.filter(made_by="anna.berg").exists()


def test_others_keep_their_names_and_whom_they_shared_with(
    administrator: Client, anna: User
) -> None:
    root = User.objects.get(is_superuser=True)
    share(administrator, "Somebody else")
    share(administrator, "Anna Berg, our partner")
    command("anna.berg")
    kept = SharedDraft.objects.filter(made_by=root).values_list("made_for", flat=True)
    assert sorted(kept) == ["", "Somebody else"]
    data = PageLogEntry.objects.filter(action=SHARED).values_list("data__made_for", flat=True)
    assert sorted(data) == ["", "", "Somebody else"]


def test_an_address_goes_wherever_it_stands_in_the_log(anna: User) -> None:
    page = InsightPage.objects.get()
    text = {"comment": {"text": "Ask anna@berg.example, please"}}
    entry = PageLogEntry.objects.log_action(page, "wagtail.edit", data=text)
    command("anna.berg")
    entry.refresh_from_db()
    assert entry.data == {"comment": {"text": "Ask (erased), please"}}


class TestTasks:
    """Mails that are kept as tasks."""

    @pytest.mark.parametrize("status", [READY, FAILED, SUCCESSFUL])
    @pytest.mark.parametrize("to", ["anna@berg.example", "Anna Berg <ANNA@berg.example>"])
    def test_a_mail_to_the_person_goes(self, anna: User, status: str, to: str) -> None:
        key = mail("Hello", to, status=status)
        assert "background tasks" in command("anna.berg")
        assert not QueuedTask.objects.filter(pk=key).exists()

    def test_a_mail_that_is_being_sent_stays_with_its_worker_and_is_for_nobody(
        self, anna: User
    ) -> None:
        key = mail("Hello", "anna@berg.example", status=RUNNING)
        command("anna.berg")
        [given] = QueuedTask.objects.get(pk=key).args_kwargs["args"]
        assert unpacked(given).recipients() == []

    def test_a_mail_to_others_too_goes_to_those(self, anna: User) -> None:
        key = mail("Hello", "anna@berg.example", "ben@example.org", cc=["Anna@berg.example"])
        command("anna.berg")
        [given] = QueuedTask.objects.get(pk=key).args_kwargs["args"]
        assert unpacked(given).recipients() == ["ben@example.org"]

    @pytest.mark.parametrize("status", [READY, FAILED])
    def test_a_mail_that_names_the_person_says_the_rest(self, anna: User, status: str) -> None:
        body = (
            "anna berg (anna.berg, Anna@Berg.example) wrote of Johanna Bergmann and an anna.bergen."
        )
        key = mail("From Anna Berg", "ben@example.org", body=body, status=status)
        command("anna.berg")
        task = QueuedTask.objects.get(pk=key)
        found = unpacked(task.args_kwargs["args"][0])
        assert found.subject == "From (erased)"
        assert (
            found.body
            == "(erased) ((erased), (erased)) wrote of Johanna Bergmann and an anna.bergen."
        )
        assert found.recipients() == ["ben@example.org"]
        assert "Anna" not in task.traceback

    def test_a_name_is_found_as_html_has_it(self, anna: User) -> None:
        User.objects.filter(pk=anna.pk).update(first_name="Anna", last_name="O'Berg & Co")
        html = "<p>Anna O&#x27;Berg &amp; Co</p>"
        key = mail("Hello", "ben@example.org", alternatives=[(html, "text/html")])
        command("anna.berg")
        [given] = QueuedTask.objects.get(pk=key).args_kwargs["args"]
        assert given["alternatives"] == [["<p>(erased)</p>", "text/html"]]

    def test_other_mails_are_left_as_they_are(self, anna: User) -> None:
        key = mail("Hello", "ben@example.org", body="Something else.")
        before = QueuedTask.objects.filter(pk=key).values().get()
        command("anna.berg")
        assert QueuedTask.objects.filter(pk=key).values().get() == before


def test_a_picture_goes_with_its_file(anna: User, django_capture_on_commit_callbacks: Any) -> None:
    avatar = UserProfile.get_for_user(anna).avatar
    assert avatar.storage.exists(avatar.name)
    with django_capture_on_commit_callbacks(execute=True):
        command("anna.berg")
    assert not avatar.storage.exists(avatar.name)


def test_the_only_administrator_stays() -> None:
    root = factories.UserFactory(is_superuser=True)
    with pytest.raises(CommandError, match="only administrator"):
        command(root.username)
    assert User.objects.filter(pk=root.pk).exists()
