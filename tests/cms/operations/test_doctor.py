"""`manage.py doctor` says what is wrong and the line that mends it, and never ends in a traceback."""

import contextlib
import json
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone
from wagtail.models import Site

from cms import mail
from cms.background.models import see
from cms.operations.facts import addresses, configuration, content, disk, storage
from cms.operations.facts.mail import mail as mail_fact
from frontend_api.changes.models import Change, Kind
from tests.cms.test_settings import VALID, python

pytestmark = pytest.mark.django_db(transaction=True)


def examined() -> dict[str, dict[str, Any]]:
    """Return the facts that the command prints, by name."""
    printed = StringIO()
    with contextlib.suppress(CommandError):
        call_command("doctor", "--json", stdout=printed)
    return {fact["name"]: fact for fact in json.loads(printed.getvalue())}


Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def proxy(settings: Any) -> Iterator[Callable[[Answer], None]]:
    """Something that answers at the address of the CMS, in a way that is said."""
    servers: list[HTTPServer] = []

    def serve(answer: Answer) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.CMS_URL = f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def status(code: int, location: str = "") -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        if location:
            host = handler.headers["Host"]
            handler.send_header("Location", location.format(host=host, path=handler.path))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def test_it_prints_what_is_wrong_and_what_mends_it(settings: Any) -> None:
    Site.objects.filter(is_default_site=True).update(hostname="elsewhere.example")
    printed = StringIO()
    with pytest.raises(CommandError, match=r"^\d+ of 20 are not well: .*frontend"):
        call_command("doctor", stdout=printed)
    text = printed.getvalue()
    assert "BAD   worker: No worker runs." in text
    assert "      → python manage.py db_worker\n" in text
    assert "      → python manage.py use_frontend_url\n" in text
    assert "good  database: " in text


def test_all_is_well_where_it_is(proxy: Any, settings: Any) -> None:
    proxy(status(200))
    see("a worker")
    call_command("use_frontend_url", stdout=StringIO())
    facts = examined()
    # The settings of the tests are for no real server, and say so.
    assert [name for name, fact in facts.items() if not fact["good"]] == ["checks"]
    assert all(set(fact) == {"name", "good", "says", "remedy"} for fact in facts.values())


def test_a_database_that_is_away_is_a_sentence_and_the_rest_is_examined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connections.close_all()
    with monkeypatch.context() as patch:
        patch.setitem(connections.settings["default"], "NAME", "/no/such/folder/file")
        facts = examined()
    assert facts["database"]["good"] is False
    assert facts["database"]["remedy"].startswith("Start the database")
    assert facts["worker"]["says"] == "It is not known while the database does not answer."
    assert facts["storage"]["good"] is True


@pytest.mark.parametrize(
    ("answer", "says", "remedy"),
    [
        (status(301, "http://{host}{path}"), "leads to itself", "X-Forwarded-Proto"),
        (status(400), "passes on another host", "proxy_set_header Host $host;"),
        (status(502), "the status 502", "See the log of the proxy"),
    ],
)
def test_a_proxy_that_is_set_up_wrongly_is_named(
    proxy: Any, answer: Answer, says: str, remedy: str
) -> None:
    proxy(answer)
    fact = addresses.proxy()
    assert not fact.is_good
    assert says in fact.says
    assert remedy in fact.remedy


def test_an_address_at_which_nobody_answers_is_named(settings: Any) -> None:
    settings.CMS_URL = "http://127.0.0.1:9"
    fact = addresses.proxy()
    assert not fact.is_good
    assert "http://127.0.0.1:9/api/v2/site/ is not reached from here" in fact.says


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            self.wfile.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 fine\r\n")


def test_a_mail_server_is_asked_whether_it_takes_mail(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setitem(mail._delivery, "backend", "django.core.mail.backends.smtp.EmailBackend")
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    fact = mail_fact()
    assert not fact.is_good
    assert fact.says.startswith("127.0.0.1:9 takes no mail: ")
    assert "EMAIL_URL=smtp" in fact.remedy
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.EMAIL_PORT = server.server_address[1]
        assert mail_fact().is_good
        server.shutdown()


def test_a_folder_that_cannot_be_written_to_is_named(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file, where a folder should be", encoding="utf-8")
    settings.MEDIA_ROOT = tmp_path / "media"
    fact = storage.storage()
    assert not fact.is_good
    assert "MEDIA_ROOT" in fact.remedy


def test_a_folder_that_can_be_written_to_has_nothing_in_it_afterwards(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert storage.storage().is_good
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_files_of_the_admin_that_were_not_gathered_are_named(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    fact = storage.static_files()
    assert not fact.is_good
    assert fact.remedy == "python manage.py collectstatic --noinput"


def test_little_room_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert disk.disk().is_good
    monkeypatch.setattr(disk, "LEAST", 10**18)
    fact = disk.disk()
    assert not fact.is_good
    assert re.match(r"\d+ MB are left for (media|database|temporary files)\.", fact.says)


def test_a_log_that_nobody_prunes_is_named() -> None:
    long_ago = timezone.now() - timedelta(days=40)
    Change.objects.create(version=10_000, kind=Kind.OTHER, made_at=long_ago)
    fact = content.change_log()
    assert not fact.is_good
    assert "kept for 30 days" in fact.says


def test_settings_for_ones_own_machine_are_named(settings: Any) -> None:
    settings.DEBUG = True
    fact = configuration.settings_in_use()
    assert (fact.is_good, fact.remedy) == (
        False,
        "DJANGO_SETTINGS_MODULE=cms.settings.production",
    )


def test_what_the_checks_of_a_deployment_find_is_named(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 0
    fact = configuration.checks()
    assert not fact.is_good
    assert "security.W004: You have not set a value for the SECURE_HSTS_SECONDS" in fact.says


def test_as_a_command_of_a_real_server_it_ends_with_1_and_no_traceback(tmp_path: Path) -> None:
    given = {**VALID, "DATABASE_URL": f"sqlite:///{tmp_path / 'none' / 'db.sqlite3'}"}
    done = python("manage.py", "doctor", settings="production", MEDIA_ROOT=str(tmp_path), **given)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "BAD   database: unable to open database file" in done.stdout
    assert done.stderr.count("\n") == 1
