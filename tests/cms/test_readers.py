"""A process for readers answers the API alone, and writes nothing: a role of the database that only reads is enough."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg import sql
from wagtail.models import Page

from tests import factories
from tests.cms.test_settings import VALID, read, refused

ROOT = Path(__file__).resolve().parents[2]
ROLE = "reader_of_this_test"
ELSEWHERE = ["/admin/login/", "/documents/1/x.pdf"]
PROBES = ["/livez", "/readyz", "/metrics"]
ASK = """
import json, sys
import django
django.setup()
from django.db import connection
from django.test import RequestFactory
from cms.wsgi import application
import threading
assert not [one for one in threading.enumerate() if one.name == "standby"]
answers = {}
for address in sys.argv[1:]:
    started = []
    headers = {"host": "localhost"}
    if not address.startswith("/api/"):
        headers["authorization"] = "Bearer a-token-of-this-test"
    environ = RequestFactory().get(address, headers=headers).environ
    body = b"".join(application(environ, lambda *start: started.extend(start)))
    answers[address] = [int(started[0].split()[0]), body.decode()]
try:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE frontend_api_changelog SET version = version")
    answers["writing"] = "is possible"
except django.db.Error as error:
    answers["writing"] = str(error).strip()
print(json.dumps(answers))
"""


@pytest.mark.once
def test_a_word_that_says_nobody_is_a_sentence() -> None:
    assert refused("local", SERVES="everybody") == (
        "SERVES is 'everybody'; set it to readers or all."
    )


@pytest.mark.once
def test_a_connection_of_readers_cannot_write() -> None:
    options = "settings.DATABASES['default']['OPTIONS']['options']"
    assert read(options, "production", **VALID, SERVES="readers") == (
        "-c statement_timeout=30s -c lock_timeout=10s -c default_transaction_read_only=on"
    )


@pytest.fixture
def address() -> Iterator[str]:
    """The address of the database for a reader: on PostgreSQL with a role that has SELECT and nothing else."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{connection.settings_dict['NAME']}"
        return
    given = connection.get_connection_params()
    with psycopg.connect(**{**given, "cursor_factory": None}, autocommit=True) as server:
        role = sql.Identifier(ROLE)
        server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
        server.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(role))
        name, place = connection.settings_dict["NAME"], connection.settings_dict["HOST"]
        yield f"postgres://{ROLE}@/{name}?host={place}"
        server.execute(sql.SQL("DROP OWNED BY {}").format(role))
        server.execute(sql.SQL("DROP ROLE {}").format(role))


@pytest.mark.django_db(transaction=True)
def test_a_role_that_only_reads_answers_what_any_other_does(address: str, client: object) -> None:
    factories.ProgrammePageFactory(title="Read by many")
    page = Page.objects.get(title="Read by many")
    asked = [
        "/api/v2/pages/",
        f"/api/v2/pages/{page.pk}/",
        "/api/v2/programmes/?facets=theme,year",
        "/api/v2/search/?q=many",
        "/api/v2/site/",
        "/api/v2/changes/",
        "/api/v2/sitemap.xml",
    ]
    expected = {one: client.get(one, headers={"host": "localhost"}) for one in asked}  # type: ignore[attr-defined]
    connection.close()
    done = subprocess.run(
        [sys.executable, "-c", ASK, *asked, *ELSEWHERE, *PROBES],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "cms.settings.local",
            "DATABASE_URL": address,
            "CONTENT_LANGUAGES": "en-gb:English",
            "SERVES": "readers",
            "METRICS_TOKEN": "a-token-of-this-test",
            # A cache in front that is purged by address has each address noted down by whoever may write.
            "PURGE_URLS": "http://127.0.0.1:9/",
            "API_S_MAXAGE": "60",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])
    for one, response in expected.items():
        assert answers[one] == [response.status_code, response.content.decode()], one
    assert {answers[one][0] for one in ELSEWHERE} == {404}
    assert {answers[one][0] for one in PROBES} == {200}
    facts = json.loads(answers["/readyz"][1])["facts"]
    assert facts["database"]["good"]
    assert facts["migrations"]["good"]
    # Whatever is not well, nothing of it could not be found out.
    assert not [fact for fact in facts.values() if "Error" in fact["says"]]
    assert "cms_requests_total{" in answers["/metrics"][1]
    assert "read" in answers["writing"] or "permission denied" in answers["writing"]
