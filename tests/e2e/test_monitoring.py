"""A server of several processes under the settings of production: probed by IP, counted as one, logged line by line."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.cms.test_settings import VALID
from tests.e2e.servers import ROOT, end, free_port, own_database, start, wait_until_it_answers

pytestmark = pytest.mark.once

TOKEN = "a-token-for-this-test-alone"
SITE = "/api/v2/site/"
HOST = VALID["ALLOWED_HOSTS"]
MANY = 30


class Server(NamedTuple):
    """A server, and what it writes to standard error."""

    address: str
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Ask by IP."""
        request = urllib.request.Request(f"{self.address}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def counted(self) -> float:
        """Return how many answers with the site all processes have counted; others may have been refused it."""
        _, text = self.get("/metrics", Authorization=f"Bearer {TOKEN}")
        return sum(
            sample.value
            for family in text_string_to_metric_families(text.decode())
            for sample in family.samples
            if sample.name == "cms_requests_total"
            and (sample.labels["endpoint"], sample.labels["status"]) == ("api/site", "200")
        )

    def logged(self) -> list[dict[str, Any]]:
        """Return the lines of its log."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, or for half a minute; the test then says what is not."""
    for _ in range(300):
        if is_so():
            return
        time.sleep(0.1)


@pytest.fixture(scope="module")
def server(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    process_name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """Two processes that serve one database of their own."""
    folder, port = tmp_path_factory.mktemp("monitored"), free_port()
    name = f"monitored_{process_name}"
    environment = {
        **os.environ,
        **VALID,
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "DATABASE_URL": own_database(request, django_db_blocker, process_name, name),
        "MEDIA_ROOT": str(folder / "media"),
        "METRICS_TOKEN": TOKEN,
        "PYTHONWARNINGS": "ignore",
    }
    address, log = f"http://127.0.0.1:{port}", folder / "log"
    arguments = ["--interface", "asgi", "--no-ws", "--workers", "2", "--port", str(port)]
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "cms.local_server", *arguments, "cms.asgi:application"],
            cwd=ROOT,
            env=environment,
            stderr=written,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(f"{address}/livez", process)
        yield Server(address, log)
    finally:
        end(process, signal.SIGKILL)


def test_a_frontend_that_asks_at_an_internal_address_shows_an_error_and_says_why(
    server: Server, tmp_path: Path
) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "API_URL": f"{server.address}/api/v2/",
        "PYTHONPATH": str(ROOT / "examples" / "frontend"),
    }
    frontend = start("asgi", port, "website.app:app", "/static/site.css", environment)
    try:
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://localhost:{port}/", timeout=30)
    finally:
        end(frontend)
    assert caught.value.code == 503
    caught.value.close()


def test_a_server_is_probed_by_ip_counted_as_one_and_logged_line_by_line(server: Server) -> None:
    assert server.get("/livez") == (200, b'{"status": "alive"}\n')
    status, body = server.get("/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ready")
    assert server.get("/metrics")[0] == 401
    before = server.counted()
    ids = {f"request-{number}" for number in range(MANY)}
    for one in ids:
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Request-ID": one}
        assert server.get(f"{SITE}?locale=en-gb", **headers)[0] == 200
    # Each process tells the others of it within a second, and writes what it logs sooner.
    until(lambda: server.counted() >= before + MANY)
    assert server.counted() == before + MANY
    until(lambda: len([line for line in server.logged() if line.get("id") in ids]) >= MANY)
    told = [line for line in server.logged() if line.get("id") in ids]
    assert len(told) == MANY
    assert {line["id"] for line in told} == ids
    assert {(line["method"], line["path"], line["status"]) for line in told} == {("GET", SITE, 200)}
    assert not [line for line in server.logged() if "exception" in line]
