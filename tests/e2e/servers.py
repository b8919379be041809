"""Databases of their own for programs beside the tests, and servers that are real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from tests import databases
from tests.conftest import RUN_FOLDER

ROOT = Path(__file__).resolve().parents[2]
DEMO = "demo"


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
    for _ in range(900):
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


def own_database(
    request: pytest.FixtureRequest,
    blocker: Any,
    process_name: str,
    name: str,
    source: str = "template",
    frontend: str = "",
) -> str:
    """Make a database that a server can have for itself, a copy of `source`, and return its address.

    Its site is at the address `frontend`, if there is one.
    """
    folder = request.config.stash[RUN_FOLDER]
    run_databases = databases.for_run(folder)
    with blocker.unblock():
        with databases.one_process_at_a_time(folder):
            run_databases.start()
            run_databases.copy(source, name)
            run_databases.use(name)
        address = database_address()
        if frontend:
            with override_settings(FRONTEND_URL=frontend):
                call_command("use_frontend_url", stdout=StringIO())
        with databases.one_process_at_a_time(folder):
            run_databases.use(process_name)
    return address


def load_demo(request: pytest.FixtureRequest, blocker: Any, process_name: str) -> Path:
    """Load the demo site, once for all processes of the run, into `DEMO`; return the folder of its media.

    Its pictures are made as well: each server that finds that waiting would do it beside its test, for half a minute.
    """
    folder = request.config.stash[RUN_FOLDER] / "demo"
    folder.mkdir(exist_ok=True)
    media, loaded = folder / "media", folder / "loaded"
    with databases.one_process_at_a_time(folder):
        if not loaded.exists():
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
                "DATABASE_URL": own_database(request, blocker, process_name, DEMO),
                "MEDIA_ROOT": str(media),
            }
            for command in (["load_demo"], ["db_worker", "--batch"]):
                subprocess.run(
                    [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
                )
            loaded.touch()
    return media


def start(
    interface: str,
    port: int,
    application: str,
    path: str,
    environment: dict[str, str],
    *options: str,
    code: Path = ROOT,
) -> subprocess.Popen[bytes]:
    """Start granian with an application, in a group of processes of its own, and wait until it answers at `path`.

    It gets further `options`, and runs the code in the folder `code`.
    """
    arguments = ["--interface", interface, "--no-ws", "--port", str(port), *options, application]
    if interface == "wsgi":
        arguments = ["--blocking-threads", "3", *arguments]
    process = subprocess.Popen(
        [sys.executable, "-m", "cms.local_server", *arguments],
        cwd=code,
        env=environment,
        start_new_session=True,
    )
    wait_until_it_answers(f"http://localhost:{port}{path}", process)
    return process


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """End a server with all its workers."""
    if process.poll() is None:
        os.killpg(process.pid, how)
    process.wait()


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once a server listens; fail when it ends or does not."""
    for _ in range(900):
        assert process.poll() is None, "The server has ended."
        with socket.socket() as attempt:
            attempt.settimeout(1)
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"Nobody listens at port {port}.")


def children(process: subprocess.Popen[bytes]) -> set[int]:
    """Return the workers of a server."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8")
    found = set()
    for number in listed.split():
        # One that was killed a moment ago is none.
        with suppress(FileNotFoundError, ProcessLookupError):
            # Of what Python starts beside them, none answers.
            if b"resource_tracker" not in Path(f"/proc/{number}/cmdline").read_bytes():
                found.add(int(number))
    return found


def behind(front: int) -> int | None:
    """Return the process that runs Django for one that answers what is kept, unless there is none at the moment."""
    try:
        # Any thread may have started it.
        tasks = [*Path(f"/proc/{front}/task").iterdir()]
        listed = " ".join((one / "children").read_text(encoding="utf-8") for one in tasks).split()
    except (FileNotFoundError, ProcessLookupError):
        # The one in front has ended as well.
        return None
    found = [int(one) for one in listed if b"cms.behind" in command_of(int(one))]
    return found[0] if found else None


def command_of(number: int) -> bytes:
    """Return the command by which a process was started, or nothing if there is none."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
