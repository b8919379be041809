"""Mail is sent after the commit, by a thread of its own while a request is answered."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core import mail as django_mail
from django.core.mail.backends import locmem
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield

from cms import mail
from insights.models import InsightPage
from tests import factories, previews
from tests.cms.admin import SUBMIT, TEXT, add_url, insight_form

pytestmark = pytest.mark.django_db(transaction=True)


class Held(locmem.EmailBackend):
    """Delivers once it may, and fails where it shall."""

    may = threading.Event()
    fails: list[str] = []
    threads: set[int] = set()

    def send_messages(self, messages: Any) -> int:
        assert self.may.wait(30)
        self.threads.add(threading.get_ident())
        messages = [message for message in messages if message.subject not in self.fails]
        if not messages:
            raise OSError("There is no route to the mail server.")
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def held(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Send mail as the service does, by a server that does not answer yet."""
    settings.EMAIL_BACKEND = "cms.mail.Backend"
    monkeypatch.setitem(mail._delivery, "backend", f"{__name__}.Held")
    monkeypatch.setattr(mail, "post", mail.Post())
    Held.may.clear()
    Held.fails, Held.threads = [], set()
    yield
    Held.may.set()
    mail.post.finish(30)


@pytest.fixture
def request_() -> Iterator[None]:
    """Be in the middle of answering a request."""
    request_started.send(sender=None)
    yield
    request_finished.send(sender=None)


def send(subject: str) -> None:
    django_mail.send_mail(subject, "Text", None, ["somebody@example.org"])


def sent() -> list[str]:
    """Return the subjects of what is sent once the server answers."""
    Held.may.set()
    mail.post.finish(30)
    return [message.subject for message in django_mail.outbox]


class TakenBack(Exception):
    """Ends a transaction."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Make what is done here a transaction, or a savepoint, that is rolled back."""
    with suppress(TakenBack), transaction.atomic():
        yield
        raise TakenBack


@pytest.mark.usefixtures("request_")
def test_mail_waits_for_the_commit_and_goes_with_what_is_taken_back() -> None:
    with transaction.atomic():
        send("first")
        with taken_back():
            send("taken back with a savepoint")
        assert mail.post._waiting.empty()
        send("second")
    with taken_back():
        send("taken back with all")
    # The server does not answer, and the request goes on.
    assert django_mail.outbox == []
    assert sent() == ["first", "second"]
    assert Held.threads.isdisjoint({threading.get_ident()})


@pytest.mark.usefixtures("request_")
def test_one_mail_that_cannot_be_sent_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    Held.fails = ["bad"]
    for subject in ("bad", "good"):
        send(subject)
    assert sent() == ["good"]
    assert "Mail could not be sent: 'bad'." in caplog.text
    assert "There is no route to the mail server." in caplog.text


@pytest.mark.usefixtures("request_")
def test_no_more_wait_than_there_is_memory_for(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "MOST_WAITING", 3)
    monkeypatch.setattr(mail, "post", mail.Post())
    for number in range(6):
        send(str(number))
    lost = [record.args for record in caplog.records if "Too many mails wait" in record.message]
    # The thread may have taken one out.
    assert len(lost) in {2, 3}
    assert len(sent()) == 6 - len(lost)


def test_a_command_sends_what_it_sends_itself_after_its_transaction(
    caplog: pytest.LogCaptureFixture,
) -> None:
    Held.may.set()
    with transaction.atomic():
        send("in a transaction")
        assert django_mail.outbox == []
    assert [message.subject for message in django_mail.outbox] == ["in a transaction"]
    send("at once")
    assert len(django_mail.outbox) == 2
    assert Held.threads == {threading.get_ident()}
    Held.fails = ["bad"]
    with pytest.raises(OSError, match="no route"):
        send("bad")
    # What is committed is committed.
    with caplog.at_level(logging.ERROR), transaction.atomic():
        send("bad")
    assert "no route" in caplog.text


def test_what_is_not_sent_when_the_service_ends_is_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture, request_: None
) -> None:
    send("late")
    mail.post.finish(0.01)
    assert "1 mails were not sent before the end." in caplog.text


def test_a_reset_and_a_notification_are_answered_before_the_mail_server_does() -> None:
    user = factories.UserFactory(email="somebody@example.org")
    browser, _ = previews.log_in(user)
    assert browser.post(reverse("wagtailadmin_password_reset"), {"email": user.email}).url
    editor, _ = previews.log_in(factories.UserFactory(groups=["Editors"]))
    factories.UserFactory(groups=["Moderators"], email="moderator@example.org")
    form = insight_form(body=streamfield([TEXT]), **SUBMIT)
    assert editor.post(add_url(InsightPage, factories.insight_index()), form).status_code == 302
    assert django_mail.outbox == []
    Held.may.set()
    mail.post.finish(30)
    to = {recipient for message in django_mail.outbox for recipient in message.to}
    assert {"somebody@example.org", "moderator@example.org"} <= to


class Noting(mail.Backend):
    """Notes down whether mail is sent within a transaction."""

    in_transaction: list[bool] = []

    def send_messages(self, messages: Any) -> int:
        self.in_transaction.append(transaction.get_connection().in_atomic_block)
        return super().send_messages(messages)


def test_who_logs_in_or_out_or_asks_for_a_reset_holds_no_transaction(settings: Any) -> None:
    """They take their time over passwords and mail, and change nothing that is recorded."""
    settings.EMAIL_BACKEND = f"{__name__}.Noting"
    noted = Noting.in_transaction
    email = "somebody@example.org"
    user = factories.UserFactory(username="somebody", email=email, groups=["Editors"])

    def note(**kwargs: Any) -> None:
        noted.append(transaction.get_connection().in_atomic_block)

    user_logged_in.connect(note)
    user_logged_out.connect(note)
    browser = Client()
    password = {"username": user.username, "password": "password"}
    try:
        browser.post(reverse("wagtailadmin_login"), password)
        assert browser.session["_auth_user_id"] == str(user.pk)
        browser.post(reverse("wagtailadmin_logout"))
        assert "_auth_user_id" not in browser.session
        browser.post(reverse("wagtailadmin_password_reset"), {"email": user.email})
    finally:
        user_logged_in.disconnect(note)
        user_logged_out.disconnect(note)
    assert noted == [False, False, False]
