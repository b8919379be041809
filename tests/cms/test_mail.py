"""Mail is sent after the commit, by a worker while a request is answered, and again where that fails."""

import logging
import threading
from collections.abc import Iterator
from email.mime.text import MIMEText
from typing import Any

import pytest
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core import mail as django_mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import locmem
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.test.utils.form_data import streamfield

from cms import mail
from cms.background.models import READY, QueuedTask
from cms.background.worker import Worker
from insights.models import InsightPage
from tests import factories, previews
from tests.cms.admin import SUBMIT, TEXT, add_url, insight_form
from tests.cms.background.conftest import QUEUE

pytestmark = pytest.mark.django_db(transaction=True)


class Failing(locmem.EmailBackend):
    """Delivers, and fails where it shall."""

    fails: list[str] = []
    threads: set[int] = set()

    def send_messages(self, messages: Any) -> int:
        self.threads.add(threading.get_ident())
        messages = [message for message in messages if message.subject not in self.fails]
        if not messages:
            raise OSError("There is no route to the mail server.")
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def as_the_service_does(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send mail as the service does, with tasks that wait in the database."""
    settings.EMAIL_BACKEND = "cms.mail.Backend"
    settings.TASKS = QUEUE
    monkeypatch.setitem(mail._delivery, "backend", f"{__name__}.Failing")
    Failing.fails, Failing.threads = [], set()


@pytest.fixture
def request_() -> Iterator[None]:
    """Be in the middle of answering a request."""
    request_started.send(sender=None)
    yield
    request_finished.send(sender=None)


def send(subject: str) -> None:
    django_mail.send_mail(subject, "Text", None, ["somebody@example.org"])


def sent() -> list[str]:
    """Return the subjects of what is sent once a worker runs."""
    Worker(batch=True).run()
    return [message.subject for message in django_mail.outbox]


@pytest.mark.usefixtures("request_")
def test_mail_waits_for_the_commit_and_goes_with_what_is_taken_back() -> None:
    with transaction.atomic():
        send("first")
        with transaction.atomic():
            send("taken back with a savepoint")
            transaction.set_rollback(True)
        send("second")
    with transaction.atomic():
        send("taken back with all")
        transaction.set_rollback(True)
    assert django_mail.outbox == []
    assert sent() == ["first", "second"]


@pytest.mark.usefixtures("request_")
def test_one_mail_that_cannot_be_sent_holds_up_no_other_and_is_sent_later() -> None:
    Failing.fails = ["bad"]
    for subject in ("bad", "good"):
        send(subject)
    assert sent() == ["good"]
    [waiting] = QueuedTask.objects.filter(status=READY)
    assert "There is no route to the mail server." in waiting.traceback
    Failing.fails = []
    waiting.try_again()
    assert sent() == ["good", "bad"]
    # Nothing of a mail is kept once it is sent.
    assert "somebody" not in str(QueuedTask.objects.values_list("args_kwargs", flat=True))


@pytest.mark.usefixtures("request_")
def test_a_mail_is_the_same_after_it_waited() -> None:
    given = EmailMultiAlternatives(
        gettext_lazy("Subject"),
        "Text – ä",
        "CMS <cms@example.org>",
        ["a@example.org"],
        bcc=["b@example.org"],
        cc=["c@example.org"],
        reply_to=["d@example.org"],
        headers={"Auto-Submitted": "auto-generated"},
    )
    given.attach_alternative("<p>Text</p>", "text/html")
    given.attach("a.csv", "x,ä", "text/csv")
    given.attach("a.bin", b"\x00\xff", "application/octet-stream")
    plain = EmailMessage("Plain", "<b>x</b>", to=["a@example.org"])
    plain.content_subtype = "html"
    given.send()
    plain.send()
    assert sent() == ["Subject", "Plain"]
    for before, after in zip((given, plain), django_mail.outbox, strict=True):
        assert after.recipients() == before.recipients()
        lines = (str(one.message()).splitlines() for one in (before, after))
        unlike = ("Date:", "Message-ID:", "--===", "Content-Type: multipart", "boundary")
        first, second = (
            [line for line in text if not line.strip().startswith(unlike)] for text in lines
        )
        assert sorted(first) == sorted(second)
    assert "<p>Text</p>" in str(django_mail.outbox[0].message())


@pytest.mark.usefixtures("request_")
def test_a_mail_that_is_sent_again_says_that_it_is_the_same() -> None:
    send("a")
    task = QueuedTask.objects.get()
    kept = task.args_kwargs
    Worker(batch=True).run()
    # The worker was killed before it could say that it is done.
    QueuedTask.objects.update(status=READY, args_kwargs=kept)
    assert sent() == ["a", "a"]
    first, second = (message.message()["Message-ID"] for message in django_mail.outbox)
    assert first == second
    send("a")
    send("a")
    # Two equal mails are two mails.
    assert sent() == ["a"] * 4


@pytest.mark.usefixtures("request_")
def test_what_cannot_be_stored_is_sent_after_the_commit() -> None:
    with transaction.atomic():
        written = EmailMessage("with a part", "x", to=["a@example.org"])
        written.attach(MIMEText("x"))
        written.send()
        django_mail.send_mail(
            "with a password", "x", None, ["a@example.org"], auth_user="a", auth_password="b"
        )
        assert django_mail.outbox == []
    assert [one.subject for one in django_mail.outbox] == ["with a part", "with a password"]
    assert not QueuedTask.objects.exists()


def test_a_command_sends_what_it_sends_itself_after_its_transaction(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with transaction.atomic():
        send("in a transaction")
        assert django_mail.outbox == []
    assert [message.subject for message in django_mail.outbox] == ["in a transaction"]
    send("at once")
    assert len(django_mail.outbox) == 2
    assert Failing.threads == {threading.get_ident()}
    Failing.fails = ["bad"]
    with pytest.raises(OSError, match="no route"):
        send("bad")
    # What is committed is committed.
    with caplog.at_level(logging.ERROR), transaction.atomic():
        send("bad")
    assert "no route" in caplog.text


def test_a_reset_and_a_notification_are_answered_before_the_mail_server_does() -> None:
    user = factories.UserFactory(email="somebody@example.org")
    browser, _ = previews.log_in(user)
    assert browser.post(reverse("wagtailadmin_password_reset"), {"email": user.email}).url
    editor, _ = previews.log_in(factories.UserFactory(groups=["Editors"]))
    factories.UserFactory(groups=["Moderators"], email="moderator@example.org")
    form = insight_form(body=streamfield([TEXT]), **SUBMIT)
    assert editor.post(add_url(InsightPage, factories.insight_index()), form).status_code == 302
    assert django_mail.outbox == []
    Worker(batch=True).run()
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
