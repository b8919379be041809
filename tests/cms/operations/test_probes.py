"""Probes answer by IP and over plain HTTP, and say what is so."""

import re
import threading
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from cms.background.models import see
from cms.operations import probes
from cms.operations.facts.fact import Fact
from cms.operations.facts.gathering import gathered
from cms.operations.probes import Gathering
from frontend_api.changes.models import Change, Kind
from tests.cms.operations.conftest import TOKEN
from tests.cms.operations.served import Ask

pytestmark = pytest.mark.django_db(transaction=True)

BEARER = f"Bearer {TOKEN}"
FACTS = {
    "database",
    "migrations",
    "cache",
    "change log",
    "publishing",
    "worker",
    "jobs",
    "tasks",
    "purges",
    "webhooks",
    "disk",
}


@pytest.fixture
def strict(settings: Any) -> None:
    """What refuses whoever asks by IP and over plain HTTP."""
    settings.ALLOWED_HOSTS = ["cms.example.org"]
    settings.SECURE_SSL_REDIRECT = True


def samples(text: bytes) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


@pytest.mark.usefixtures("strict")
def test_livez_answers_by_ip_without_a_database(ask: Ask, monkeypatch: Any) -> None:
    def refuse(self: Any) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.connect", refuse)
    connections.close_all()
    got = ask("/livez", Host="10.0.0.7:8000")
    assert (got.status, got.json()) == (200, {"status": "alive"})
    assert got.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("strict")
def test_readyz_answers_by_ip_with_all_facts_in_short(ask: Ask) -> None:
    see("a worker")
    got = ask("/readyz", Host="10.0.0.7:8000")
    assert got.status == 200, got.body
    assert got.json()["status"] == "ready"
    assert set(got.json()["facts"]) == FACTS
    assert got.json()["facts"]["database"] is True
    assert got.json()["facts"]["worker"] is True


def test_what_is_not_well_leaves_a_server_ready(ask: Ask) -> None:
    got = ask("/readyz")
    assert (got.status, got.json()["facts"]["worker"]) == (200, False)


def test_a_database_that_is_older_than_the_code_is_not_ready(ask: Ask) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'background'")
    got = ask("/readyz", Authorization=BEARER)
    assert (got.status, got.json()["status"]) == (503, "not ready")
    migrations = got.json()["facts"]["migrations"]
    assert migrations["says"].startswith("3 migrations are missing: background.0001_")
    assert migrations["remedy"] == "python manage.py migrate"


def test_a_database_that_is_away_is_not_ready_and_nothing_else_is_asked(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections.close_all()
    with monkeypatch.context() as patch:
        patch.setitem(connections.settings["default"], "NAME", "/no/such/folder/file")
        got = ask("/readyz", Authorization=BEARER)
        assert ask("/metrics", Authorization=BEARER).status == 200
    facts = got.json()["facts"]
    assert got.status == 503
    assert re.search("unable to open database file|does not exist", facts["database"]["says"])
    assert facts["worker"] == {
        "good": False,
        "says": "It is not known while the database does not answer.",
        "remedy": "See “database” above.",
    }
    # Nothing but the database is vital, or in the way of what needs none.
    assert facts["disk"]["good"] is True


def test_a_database_that_hangs_is_not_waited_for(ask: Ask, monkeypatch: Any) -> None:
    goes_on = threading.Event()

    def gather() -> list[Fact]:
        goes_on.wait(30)
        return []

    monkeypatch.setattr(probes, "gathering", Gathering(gather))
    monkeypatch.setattr(probes, "LONGEST", 0.05)
    try:
        got = ask("/readyz")
        assert (got.status, got.json()["status"]) == (503, "not ready")
        assert "may hang" in got.json()["says"]
        metrics = samples(ask("/metrics", Authorization=BEARER).body)
        assert metrics["cms_facts_known", ()] == 0
    finally:
        goes_on.set()


def test_facts_are_gathered_once_for_all_who_ask_at_the_same_time() -> None:
    begun: list[int] = []
    goes_on = threading.Event()

    def gather() -> list[Fact]:
        begun.append(1)
        goes_on.wait(30)
        return [Fact("one", True, "It is.")]

    gathering = Gathering(gather)
    coming = [gathering.facts() for _ in range(5)]
    goes_on.set()
    assert [one.result(30) for one in coming] == [[Fact("one", True, "It is.")]] * 5
    assert gathering.facts().result(30)
    assert begun == [1]


def test_only_who_has_the_token_is_told_everything(ask: Ask) -> None:
    assert set(ask("/readyz", Authorization="Bearer no").json()["facts"].values()) <= {True, False}
    told = ask("/readyz", Authorization=BEARER).json()["facts"]["worker"]
    assert told == {
        "good": False,
        "says": "No worker runs. The servers do what cannot wait, and are slower meanwhile.",
        "remedy": "python manage.py db_worker",
    }


@pytest.mark.parametrize("authorization", ["", "Bearer no", TOKEN, "Bearer é"])
def test_metrics_are_for_those_who_have_the_token(ask: Ask, authorization: str) -> None:
    got = ask("/metrics", Authorization=authorization)
    assert got.status == 401
    assert TOKEN.encode() not in got.body


def test_without_a_token_there_are_no_metrics(ask: Ask, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    got = ask("/metrics", Authorization="Bearer ")
    assert got.status in {301, 302}
    assert b"cms_" not in got.body


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_a_probe_is_read(ask: Ask, path: str) -> None:
    assert ask(path, "POST").status == 405
    got = ask(path, "HEAD", Authorization=BEARER)
    assert (got.status, got.body) == (200, b"")


def test_metrics_count_requests_queries_and_facts(ask: Ask) -> None:
    see("a worker")
    assert ask("/api/v2/pages/").status == 200
    assert ask("/api/v2/pages/", query="limit=x").status == 400
    assert ask("/api/v2/pages/find/", query="html_path=/none/").status == 404
    metrics = samples(ask("/metrics", Authorization=BEARER).body)
    counted = {
        (endpoint, status): value
        for (name, (_cache, endpoint, status)), value in (
            one for one in metrics.items() if one[0][0] == "cms_requests_total"
        )
    }
    assert counted == {
        ("api/pages", "200"): 1,
        ("api/pages", "400"): 1,
        ("api/pages/find", "404"): 1,
    }
    assert metrics["cms_queries_total", ("api/pages",)] > 0
    assert metrics["cms_facts_known", ()] == 1
    assert metrics["cms_fact_good", ("database",)] == 1
    assert metrics["cms_workers", ()] == 1
    assert metrics["cms_tasks_waiting", ()] == 0
    assert metrics["cms_webhooks_owed", ()] == 0
    assert metrics["cms_disk_free_bytes", ("media",)] > 0
    names = {name for name, _labels in metrics}
    assert names >= {"cms_changes", "cms_published", "cms_publish_lag_seconds", "cms_cache_bytes"}
    assert (
        sum(
            value
            for (name, labels), value in metrics.items()
            if name == "cms_request_seconds_count" and labels[1:] == ("api/pages",)
        )
        == 2
    )


def test_looking_at_the_caches_leaves_nothing_in_them(ask: Ask) -> None:
    assert ask("/readyz").json()["facts"]["cache"] is True
    assert caches["api"].size == 0  # type: ignore[attr-defined]


def test_facts_are_as_many_queries_for_many_objects_as_for_few() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            gathered()
        return len(captured)

    gathered()
    few = queries()
    Change.objects.bulk_create(
        Change(version=1_000 + one, kind=Kind.OTHER, tags=[], made_at=timezone.now())
        for one in range(50)
    )
    for one in range(50):
        see(f"worker {one}")
    assert queries() == few
