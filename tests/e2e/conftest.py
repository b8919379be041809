"""The whole installation as it really runs: a CMS and a frontend, each a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings
from django.db import connection

from tests import databases
from tests.conftest import RUN_FOLDER

ROOT = Path(__file__).resolve().parents[2]


class Installation(NamedTuple):
    """Where the two servers are."""

    cms: str
    frontend: str


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


def database_address() -> str:
    """Return what `DATABASE_URL` is for the database that Django is pointed at."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    if settings.TEST_SERVER_URL:
        return settings.TEST_SERVER_URL.rsplit("/", 1)[0] + f"/{values['NAME']}"
    # django-environ takes what follows two slashes for the folder of a Unix socket.
    return f"postgres://{values['USER']}@/{values['HOST']}/{values['NAME']}"


def wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return once there is an answer at `address`; fail when the server ends or stays silent."""
    for _ in range(300):
        assert process.poll() is None, "The server has ended."
        try:
            urllib.request.urlopen(address, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"There is no answer at {address}.")


@pytest.fixture(scope="module")
def installation(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: "pytest.FixtureRequest",
    process_name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """The demo site, served by granian under the local settings, on a database of its own."""
    folder = request.config.stash[RUN_FOLDER]
    run_databases = databases.for_run(folder)
    name = f"e2e_{process_name}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with databases.one_process_at_a_time(folder):
            run_databases.start()
            run_databases.copy("template", name)
            run_databases.use(name)
        address = database_address()
        with databases.one_process_at_a_time(folder):
            run_databases.use(process_name)
    cms_port, frontend_port = free_port(), free_port()
    places = Installation(f"http://localhost:{cms_port}", f"http://localhost:{frontend_port}")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.local",
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(tmp_path_factory.mktemp("media")),
        "CMS_PORT": str(cms_port),
        "FRONTEND_PORT": str(frontend_port),
        "CMS_URL": places.cms,
        "API_URL": f"{places.cms}/api/v2/",
        "PYTHONPATH": str(ROOT / "examples" / "frontend"),
    }
    for command in ("load_demo", "use_frontend_url"):
        subprocess.run(
            [sys.executable, "manage.py", command], cwd=ROOT, env=environment, check=True
        )
    servers = (
        ("wsgi", cms_port, "cms.wsgi:application", "/api/v2/site/"),
        ("asgi", frontend_port, "website.app:app", "/"),
    )
    with ExitStack() as running:
        for interface, port, application, path in servers:
            arguments = ["--interface", interface, "--no-ws", "--port", str(port), application]
            if interface == "wsgi":
                arguments = ["--blocking-threads", "3", *arguments]
            process = subprocess.Popen(
                [sys.executable, "-m", "cms.local_server", *arguments], cwd=ROOT, env=environment
            )
            running.callback(process.wait)
            running.callback(process.terminate)
            wait_until_it_answers(f"http://localhost:{port}{path}", process)
        yield places
