"""Mail that a service sends: its API is asked over HTTP, by the worker, and again where it does not take a mail."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from cms import mail
from cms.background.models import READY, QueuedTask
from cms.background.worker import Worker
from cms.settings.mail import mail as mail_settings
from tests import factories
from tests.cms.background.conftest import QUEUE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


class Asked(NamedTuple):
    """What the API was asked."""

    path: str
    headers: dict[str, str]
    body: bytes


class Service(ThreadingHTTPServer):
    """The API of a service for mail, which says of each mail what it is told to say."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Asked] = []
        self.status = 200
        self.says: Any = {}
        Thread(target=self.serve_forever).start()

    def close(self) -> None:
        """Answer nothing more."""
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        """Keep what is sent, and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(Asked(self.path, dict(self.headers), body))
        said = json.dumps(self.server.says).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with closing(Service()) as one:
        yield one


def use(address: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send mail as a service does that has this `EMAIL_URL`."""
    monkeypatch.setenv("EMAIL_URL", address)
    made = mail_settings()
    settings.ANYMAIL = made["ANYMAIL"]
    settings.TASKS = QUEUE
    settings.EMAIL_BACKEND = "cms.mail.Backend"
    monkeypatch.setitem(mail._delivery, "backend", made["EMAIL_BACKEND"])


POSTMARK = {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "somebody@example.org"}


def test_a_reset_is_answered_before_the_service_is_asked_and_sent_again_where_that_fails(
    service: Service, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"postmark://a-token?api_url=http://127.0.0.1:{service.server_port}/"
    use(address, settings, monkeypatch)
    user = factories.UserFactory(email="somebody@example.org")
    form = {"email": user.email}
    assert Client().post(reverse("wagtailadmin_password_reset"), form).status_code == 302
    assert service.asked == []
    # What is kept of it names no secret of the service.
    assert "a-token" not in str(QueuedTask.objects.values_list("args_kwargs"))
    service.status = 503
    Worker(batch=True).run()
    assert len(service.asked) == 1
    [waiting] = QueuedTask.objects.filter(status=READY)
    assert "503" in waiting.traceback
    assert "a-token" not in waiting.traceback
    service.status, service.says = 200, POSTMARK
    waiting.try_again()
    Worker(batch=True).run()
    refused, sent = service.asked
    assert sent.path == "/email"
    assert sent.headers["X-Postmark-Server-Token"] == "a-token"
    assert json.loads(sent.body)["To"] == "somebody@example.org"
    assert "/admin/password_reset/confirm/" in json.loads(sent.body)["TextBody"]
    # It says that it is the same mail.
    assert refused.body == sent.body
    assert not QueuedTask.objects.filter(status=READY).exists()


SERVICES = {
    "brevo": ("brevo://key", {"messageId": "1"}),
    "mailersend": ("mailersend://key", {}),
    "mailgun": ("mailgun://key?sender_domain=example.org", {"id": "1", "message": "Queued"}),
    "mailjet": ("mailjet://key:secret", {"Messages": [{"Status": "success", "To": []}]}),
    "resend": ("resend://key", {"id": "1"}),
    "scaleway": (
        "scaleway://key?project_id=1",
        {"emails": [{"id": "1", "mail_rcpt": "a@example.org", "status": "new"}]},
    ),
    "sparkpost": (
        "sparkpost://key",
        {"results": {"total_accepted_recipients": 1, "total_rejected_recipients": 0, "id": "1"}},
    ),
}


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_asked_at_the_address_that_it_is_given(
    name: str, service: Service, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, service.says = SERVICES[name]
    joined = "&" if "?" in address else "?"
    url = f"{address}{joined}api_url=http://127.0.0.1:{service.server_port}/v1/"
    use(url, settings, monkeypatch)
    given = EmailMultiAlternatives("Subject", "Text – ä", "cms@example.org", ["a@example.org"])
    given.attach_alternative("<p>Text</p>", "text/html")
    mail.send_stored.call(mail.packed(given))
    [asked] = service.asked
    assert asked.path.startswith("/v1/")
    assert b"Subject" in asked.body
    assert b"a@example.org" in unquote_to_bytes(asked.body)
