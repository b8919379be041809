"""The database is gone: readers get what is kept if the operator says so, and everybody else is told to come again."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from frontend_api.caching.responses import lookup
from frontend_api.caching.wsgi import ResponseCache
from frontend_api.changes.models import ChangeLog
from frontend_api.errors import is_outage
from tests.factories import ProgrammePageFactory
from tests.frontend_api.caching.scene import Asking, Scene, change
from tests.frontend_api.conftest import Clock

Gone = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def gone(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Gone:
    """Return what takes the database away for as long as its block lasts."""
    monkeypatch.setattr(lookup, "_database", lookup._Database())
    monkeypatch.setattr(lookup, "REST", 0)

    @contextmanager
    def gone() -> Iterator[None]:
        connection.close()
        elsewhere = {"sqlite": "NAME", "postgresql": "HOST"}[connection.vendor]
        before = connection.settings_dict[elsewhere]
        connection.settings_dict[elsewhere] = "/there/is/nothing/here"
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict[elsewhere] = before

    return gone


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """A view that asks the database, as all of the API's do."""
    scene.while_rendered = ask_database
    return scene


def ask_database() -> None:
    """Ask something."""
    ChangeLog.objects.exists()


def stale_for(settings: Any, seconds: int) -> None:
    settings.FRONTEND_API = {**settings.FRONTEND_API, "STALE_IF_ERROR": seconds}


def test_what_is_kept_is_served_as_stale_if_the_operator_says_so(
    gone: Gone, ask: Asking, scene: Scene, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    stale_for(settings, 60)
    fresh = ask()
    with gone():
        stale = ask()
        assert (stale.status, stale.body) == (200, fresh.body)
        assert stale.headers["Cache-Status"] == "frontend_api; hit; ttl=-0; detail=database-gone"
        assert stale.headers["Cache-Control"] == "no-store"
        assert "Surrogate-Key" not in stale.headers
        unchanged = ask(If_None_Match=fresh.headers["ETag"])
        assert (unchanged.status, unchanged.headers["Cache-Control"]) == (304, "no-store")
        assert ask("/api/v2/other/").status == 503
    assert ask() == fresh
    said = [record.getMessage() for record in caplog.records if "database" in record.name]
    assert len(said) == 2, "once that it is gone, and once that it is back"
    assert said[1] == "The database is reached again."


def test_it_is_no_longer_served_after_the_time(
    gone: Gone, ask: Asking, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale_for(settings, 60)
    ask()
    last = lookup.last_known()
    assert last is not None
    monkeypatch.setattr(lookup._database, "last", last._replace(at=last.at - 61))
    with gone():
        assert ask().status == 503


def test_what_was_to_end_has_ended(
    gone: Gone, ask: Asking, scene: Scene, settings: Any, clock: Clock
) -> None:
    stale_for(settings, 60)
    scene.until = timezone.now() + timedelta(seconds=10)
    ask()
    with gone():
        assert ask().status == 200
        clock.shift = timedelta(seconds=11)
        assert ask().status == 503


def test_what_had_changed_before_is_not_served(
    gone: Gone, ask: Asking, scene: Scene, settings: Any
) -> None:
    stale_for(settings, 60)
    ask()
    change("page:1")
    ask("/api/v2/other/")
    with gone():
        assert ask().status == 503
        assert ask("/api/v2/other/").status == 200


def test_nobody_else_gets_what_is_stale(gone: Gone, ask: Asking, scene: Scene) -> None:
    ask()
    with gone():
        answer = ask()
        assert answer.status == 503
        assert "Cache-Status" not in answer.headers


@pytest.mark.usefixtures("quiet")
def test_the_api_answers_with_a_problem_and_says_when_to_come_again(gone: Gone) -> None:
    page = ProgrammePageFactory()
    ask = Asking(ResponseCache(get_wsgi_application()))
    with gone():
        for address in (f"/api/v2/pages/{page.pk}/", "/api/v2/site/", "/api/v2/changes/"):
            answer = ask(address)
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5"), address
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert json.loads(answer.body)["status"] == 503
    assert ask(f"/api/v2/pages/{page.pk}/").status == 200


def test_so_does_the_admin(gone: Gone, admin_client: Client) -> None:
    admin_client.raise_request_exception = False
    for address in ("/admin/", "/admin/login/", "/documents/1/a.pdf", "/anywhere/"):
        with gone():
            answer = admin_client.get(address)
        assert (answer.status_code, answer.get("Retry-After")) == (503, "5"), address
        assert b"cannot be reached" in answer.content
    assert admin_client.get("/admin/").status_code == 200


def test_other_errors_of_the_database_are_no_outage(db: None) -> None:
    with pytest.raises(DatabaseError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM there_is_none")
    assert not is_outage(caught.value)
    assert is_outage(OperationalError("the connection is closed"))
    assert not is_outage(ValueError())
