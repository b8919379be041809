"""A receiver on a loopback port, which hears what it is told, and changes for it to hear of."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from frontend_api.feed import reading
from frontend_api.feed.models import PublicChange, PublicState
from frontend_api.webhooks.models import WebhookMessage, WebhookRecipient
from frontend_api.webhooks.sealing import seal, unseal
from tests.configure import configure
from tests.frontend_api.conftest import Clock, clock

__all__ = ["Clock", "clock"]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
INSIGHT, PROGRAMME = "insights.InsightPage", "programmes.ProgrammePage"


@dataclass
class Heard:
    """A request that the receiver got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """What is in the body."""
        return json.loads(self.body)

    @property
    def id(self) -> str:
        """The id of the message."""
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Answers with the next of `statuses`, the last one again and again, once `is_awake`."""

    address: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    heard: list[Heard] = field(default_factory=list)
    is_awake: threading.Event = field(default_factory=threading.Event)

    def status(self) -> int:
        """Return how the next request is answered."""
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def take(self) -> list[Heard]:
        """Return what was heard since the last time, and forget it."""
        taken, self.heard = self.heard, []
        return taken


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver that takes everything, in one's own network."""
    receiver = Receiver()
    receiver.is_awake.set()
    configure(settings, WEBHOOK_HOSTS=["127.0.0.1"])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.heard.append(Heard(self.command, self.path, headers, body))
            receiver.is_awake.wait(20)
            self.send_response(receiver.status())
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(receiver.body)))
            self.end_headers()
            self.wfile.write(receiver.body)

        do_GET = do_PURGE = do_POST

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

        def handle(self) -> None:
            """Answer; whoever asked may be gone."""
            with suppress(ConnectionError):
                super().handle()

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    receiver.address = f"http://127.0.0.1:{listening.server_port}"
    yield receiver
    receiver.is_awake.set()
    listening.shutdown()
    listening.server_close()
    thread.join()


Make = Callable[..., WebhookRecipient]


@pytest.fixture
def make(receiver: Receiver) -> Make:
    """Make a recipient that the receiver answers for, and that is told of what changes from now on."""

    def make(**values: Any) -> WebhookRecipient:
        given = {"name": "Receiver", "address": f"{receiver.address}/hook", "form": "event"}
        return WebhookRecipient.objects.create(
            **{**given, "secret": seal(SECRET), "position": reading.newest(), **values}
        )

    return make


def change(kind: str = "updated", **values: Any) -> PublicChange:
    """Have something change for readers, as the feed has it."""
    number = reading.newest() + 1
    made = PublicChange.objects.create(
        **{
            "number": number,
            "stamp": number * 7,
            "kind": kind,
            "object_type": INSIGHT,
            "object_id": "1",
            "tags": [f"page:{number}"],
            "changed_at": timezone.now(),
            **values,
        }
    )
    PublicState.objects.update(number=made.number, stamp=made.stamp)
    return made


def reread(recipient: WebhookRecipient) -> WebhookRecipient:
    """Return a recipient as it is by now."""
    return WebhookRecipient.objects.get(pk=recipient.pk)


def only_message() -> WebhookMessage:
    """Return the one message that there is."""
    return WebhookMessage.objects.get()


def secret_of(recipient: WebhookRecipient) -> str:
    """Return the secret that signs."""
    return unseal(reread(recipient).secret)
