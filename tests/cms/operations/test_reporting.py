"""Errors and traces reach a real receiver, and say nothing of who made the request."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.e2e.servers import database_address

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[3]
TRACE = "0af7651916cd43dd8448eb211c80319c"
READ = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}
SECRETS = ("s3cr3t", "203.0.113.9", "somebody@example.org")

# A request that ends in an error, as a server makes it of one.
ASK = """
import sys
sys.path.insert(0, ".")
import django; django.setup()
from django.conf import settings
from django.urls import path
import cms.urls

def fail(request, token):
    password = "s3cr3t"
    raise ZeroDivisionError("no")

cms.urls.urlpatterns.insert(0, path("fails/<str:token>/", fail))
from tests.cms.operations.served import through_wsgi
got = through_wsgi(
    "/fails/s3cr3t/", query="q=somebody@example.org", Cookie="sessionid=s3cr3t", Authorization="Bearer s3cr3t",
    X_Forwarded_For="203.0.113.9", X_Request_ID="the-id", traceparent="00-{trace}-b7ad6b7169203331-01",
)
assert got.status == 500, got
"""


# A request that asks for two tasks, and the worker that runs them.
WORK = """
import sys
sys.path.insert(0, ".")
import logging.config
import django; django.setup()
from django.http import HttpResponse
from django.urls import path
from cms.accounts.reset import write_to
from cms.background.models import TaskOrigin
from cms.background.worker import Worker
from cms.mail import send_stored
from cms.settings.observing import logging_to_stderr
from frontend_api.changes.enqueueing import enqueue
import cms.urls

logging.config.dictConfig(logging_to_stderr("json"))

def ask(request):
    enqueue(write_to, "nobody@example.org")
    enqueue(send_stored, {})
    return HttpResponse()

cms.urls.urlpatterns.insert(0, path("asks/", ask))
from tests.cms.operations.served import through_wsgi
got = through_wsgi("/asks/", X_Request_ID="the-id", traceparent="00-{trace}-b7ad6b7169203331-01", Host="localhost")
assert got.status == 200, got
enqueue(write_to, "nobody-asked@example.org")
logging.getLogger("tests").info("The worker begins.")
Worker(batch=True).run()
assert TaskOrigin.objects.count() == 2
from cms.background.models import QueuedTask
QueuedTask.objects.all().delete()
assert not TaskOrigin.objects.exists()
"""


class Receiver(ThreadingHTTPServer):
    """Takes what is posted, and keeps it by path."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        coding = self.headers.get("Content-Encoding", "")
        self.server.taken.append((self.path, READ[coding](body)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def run(script: str, **environment: str) -> tuple[dict[str, bytes], str]:
    """Run a script in a process of its own; return what arrives, by the path that it was sent to, and its log."""
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
        place = f"127.0.0.1:{receiver.server_port}"
        done = subprocess.run(
            [sys.executable, "-c", script.replace("{trace}", TRACE)],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "SENTRY_DSN": f"http://key@{place}/7",
                "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{place}",
                "OTEL_SERVICE_NAME": "the-cms",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        receiver.shutdown()
    assert done.returncode == 0, done.stderr
    return dict(receiver.taken), done.stderr


@pytest.fixture(scope="module")
def taken() -> dict[str, bytes]:
    """What arrives when a process has one request that fails, by the path that it was sent to."""
    return run(ASK, DJANGO_SETTINGS_MODULE="tests.settings")[0]


def test_an_error_is_reported_with_its_traceback_and_id(taken: dict[str, bytes]) -> None:
    _envelope, _item, *payload = taken["/api/7/envelope/"].splitlines()
    event = json.loads(payload[0])
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("ZeroDivisionError", "no")
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"
    assert event["request"] == {"method": "GET"}
    assert event["tags"]["request_id"] == "the-id"
    assert event["environment"] == "production"


def test_a_span_belongs_to_the_trace_of_who_asked(taken: dict[str, bytes]) -> None:
    sent = ExportTraceServiceRequest.FromString(taken["/v1/traces"])
    (resource,) = sent.resource_spans
    names = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert names["service.name"] == "the-cms"
    ((span,),) = (scope.spans for scope in resource.scope_spans)
    assert (span.name, span.trace_id.hex()) == ("GET /fails/<str:token>/", TRACE)
    told = {one.key: one.value for one in span.attributes}
    assert set(told) == {
        "http.request.method",
        "http.route",
        "http.response.status_code",
        "url.path",
        "cms.queries",
    }
    assert told["http.response.status_code"].int_value == 500
    assert told["url.path"].string_value == "/fails/<token>/"


@pytest.mark.django_db(transaction=True)
def test_a_task_has_the_id_and_the_trace_of_the_request_that_asked_for_it() -> None:
    settings, address = "cms.settings.local", database_address()
    taken, log = run(WORK, DJANGO_SETTINGS_MODULE=settings, DATABASE_URL=address)
    sent = ExportTraceServiceRequest.FromString(taken["/v1/traces"])
    spans = sent.resource_spans[0].scope_spans[0].spans
    (request,) = (span for span in spans if span.name == "GET /asks/")
    (failed,) = (span for span in spans if span.name == "cms.mail.send_stored")
    written = [span for span in spans if span.name == "cms.accounts.reset.write_to"]
    assert request.trace_id.hex() == failed.trace_id.hex() == TRACE
    assert failed.parent_span_id == request.span_id
    # One of them was asked for by no request, and has a trace of its own.
    assert sorted(span.trace_id.hex() == TRACE for span in written) == [False, True]
    assert ({span.status.code for span in written}, failed.status.code) == ({0}, 2)
    _before, _begins, after = log.partition("The worker begins.")
    lines = [json.loads(line) for line in after.splitlines()[1:] if line.startswith("{")]
    ended = {
        (line["message"].split("path=")[1].split()[0], line.get("id"))
        for line in lines
        if "path=" in line["message"] and "state=RUNNING" not in line["message"]
    }
    assert ("cms.accounts.reset.write_to", "the-id") in ended
    assert ("cms.accounts.reset.write_to", None) in ended
    assert [line["id"] for line in lines if "Attempt 1 failed" in line["message"]] == ["the-id"]


@pytest.mark.parametrize("path", ["/api/7/envelope/", "/v1/traces"])
def test_nothing_is_said_of_who_made_the_request(taken: dict[str, bytes], path: str) -> None:
    text = taken[path].decode(errors="replace")
    assert [one for one in SECRETS if one in text] == []
