"""What a hit does without Django: it finds a closed connection by itself, and hands over what it cannot do."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.db import transaction as django_transaction

from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.models import ChangeLog, Kind, new_epoch
from frontend_api.changes.transaction import log, transaction
from frontend_api.changes.writing import PendingChange
from tests.factories import ProgrammePageFactory
from tests.frontend_api.caching.scene import Asking, Scene


class _Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    """The address of a server that serves the real API over HTTP, in a thread of its own."""
    ChangeLog.objects.update_or_create(pk=1, defaults={"epoch": new_epoch()})
    application = ResponseCache(get_wsgi_application())

    def serve() -> None:
        server.serve_forever(poll_interval=0.01)
        connections.close_all()

    with make_server("127.0.0.1", 0, application, handler_class=_Quiet) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://localhost:{server.server_port}/api/v2/"
        server.shutdown()
        thread.join()


def test_a_reader_is_told_of_a_publish_at_once(address: str) -> None:
    page = ProgrammePageFactory(title="Before", slug="programme")
    find = f"{address}pages/find/?html_path=/programmes/programme/"
    with httpx.Client(headers={"Accept-Encoding": "gzip"}) as client:
        first = client.get(find)
        assert (first.status_code, first.json()["title"]) == (200, "Before")
        assert first.headers["Content-Encoding"] == "gzip"
        known = {"If-None-Match": first.headers["ETag"]}
        assert client.get(find, headers=known).status_code == 304
        assert client.head(find).headers["ETag"] == first.headers["ETag"]
        page.title = "After"
        page.save_revision().publish()
        second = client.get(find, headers=known)
        assert (second.status_code, second.json()["title"]) == (200, "After")
        page.unpublish()
        gone = client.get(find, headers={"If-None-Match": second.headers["ETag"]})
        # What is not there may be kept as a page may, and is asked about each time.
        kept = "public, max-age=0, s-maxage=0, must-revalidate"
        assert (gone.status_code, gone.headers["Cache-Control"]) == (404, kept)


def test_a_connection_that_was_closed_is_opened_again(
    transactional_db: None, ask_wsgi: Asking, scene: Scene
) -> None:
    first = ask_wsgi()
    connection.connection.close()
    assert ask_wsgi() == first
    assert len(scene.asked) == 1


def test_where_the_version_cannot_be_read_django_answers(ask: Asking, scene: Scene) -> None:
    ask()
    with django_transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE frontend_api_changelog RENAME TO gone")
        assert ask().headers["Cache-Control"] == "no-store"
        django_transaction.set_rollback(True)
    assert len(scene.asked) == 2
    ask()
    assert len(scene.asked) == 2


def test_who_is_in_the_middle_of_a_change_sees_it_and_nobody_else_does(
    ask: Asking, scene: Scene
) -> None:
    public = ask()
    with suppress(ZeroDivisionError), transaction():
        log(PendingChange(Kind.OTHER, tags={"page:1"}))
        scene.text = "not yet"
        mine = ask()
        assert (mine.body, mine.headers["Cache-Control"]) == (b"not yet", "no-store")
        raise ZeroDivisionError
    assert ask() == public
